"""What a command says when it cannot go on."""

from typing import IO, Any

import click
from rich.markup import escape

from service.cli.console import errors


class Failed(click.ClickException):
    """Exit code 1 with one message, on standard error; it may have several lines."""

    def show(self, file: IO[Any] | None = None) -> None:
        errors().print(f"[bold red]attune:[/] {escape(self.message)}")
