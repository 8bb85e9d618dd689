"""The commands together, and the one place where an error becomes a sentence and an exit code."""

from typing import Any

import click

from config.extensions import BrokenExtensionError
from service import __version__
from service.cli.commands.check_command import check
from service.cli.commands.demo_command import demo
from service.cli.commands.init_command import init
from service.cli.commands.openapi_command import openapi
from service.cli.commands.serve_command import serve
from service.cli.commands.show_command import backlog, conflicts, dod
from service.cli.commands.sync_command import sync
from service.cli.commands.token_command import token
from service.cli.commands.what_if_command import what_if
from service.cli.failure import Failed


class _Border(click.Group):
    """Exit codes: 0 done, 1 failed, 2 wrong use. Nobody who runs a command is shown a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException, click.Abort):
            raise
        except KeyboardInterrupt:
            raise click.exceptions.Exit(0) from None
        except BrokenExtensionError as error:
            raise Failed(str(error)) from None
        except Exception as error:  # the border: what was not foreseen is still told in one line
            raise Failed(f"{type(error).__name__}: {error}") from error


@click.group(cls=_Border, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="attune")
def commands() -> None:
    """One plan over several teams' Jira and GitHub projects.

    attune reads the teams' trackers, merges them into one backlog and shows where the plans clash.
    It reads product.yaml in this directory, or the file that ATTUNE_PRODUCT_FILE names.
    """


for command in (serve, sync, check, init, backlog, conflicts, dod, what_if, token, openapi, demo):
    commands.add_command(command)


def main() -> None:
    commands(prog_name="attune")
