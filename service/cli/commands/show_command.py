"""attune backlog, conflicts, dod"""

from collections.abc import Callable
from typing import Any

import click
from rich.console import RenderableType

from service.cli import answer_tables
from service.cli.client import client
from service.cli.console import output
from service.cli.opening import run
from service.flow.context import Context

Render = Callable[[Any, dict[str, str]], list[RenderableType]]

_DEFAULT_LIMIT = 25
_MOST_SOURCES = 500

as_json = click.option("--json", "is_json", is_flag=True, help="Print the API's answer, for pipes.")
team_filter = click.option("--team", multiple=True, metavar="KEY", help="Only this team's; may be repeated.")
limit_option = click.option(
    "--limit",
    type=click.IntRange(1, 500),
    default=_DEFAULT_LIMIT,
    show_default=True,
    help="How many to show.",
)
_SEVERITIES = click.Choice(["low", "medium", "high", "critical"])


@click.command()
@team_filter
@click.option(
    "--stale/--no-stale", default=None, help="Only what nobody has touched for 180 days, or only the rest."
)
@limit_option
@as_json
def backlog(team: tuple[str, ...], stale: bool | None, limit: int, is_json: bool) -> None:
    """All teams' open items in one order: nothing comes before what it waits for."""
    chosen = {} if stale is None else {"stale": stale}
    _show("/v1/backlog", {"team": team, "limit": limit, **chosen}, is_json, _backlog)


@click.command()
@team_filter
@click.option("--severity", multiple=True, type=_SEVERITIES, help="Only these; may be repeated.")
@limit_option
@as_json
def conflicts(team: tuple[str, ...], severity: tuple[str, ...], limit: int, is_json: bool) -> None:
    """Where the teams' plans clash, the most severe first, and who decides."""
    parameters = {"team": team, "severity": severity, "limit": limit}
    _show("/v1/conflicts", parameters, is_json, _conflicts)


@click.command()
@as_json
def dod(is_json: bool) -> None:
    """The teams' Definitions of Done side by side, and how they differ."""
    _show("/v1/dod", {}, is_json, _dod)


def _show(path: str, parameters: dict[str, Any], is_json: bool, render: Render) -> None:
    async def work(context: Context) -> None:
        async with client(context) as asked:
            if is_json:
                click.echo(await asked.text(path, parameters))
                return
            answer = await asked.get(path, parameters)
            sources = await asked.get("/v1/sources", {"limit": _MOST_SOURCES})
        for part in [*render(answer, team_names(context)), *_unread(sources)]:
            output().print(part)

    run(work)


def team_names(context: Context) -> dict[str, str]:
    return {team.key: team.name for team in context.product.teams}


def _backlog(answer: Any, teams: dict[str, str]) -> list[RenderableType]:
    if not answer["items"]:
        return ["Nothing here."]
    return [answer_tables.backlog(answer["items"], teams), *_rest(answer)]


def _conflicts(answer: Any, _teams: dict[str, str]) -> list[RenderableType]:
    if not answer["items"]:
        return ["No conflicts."]
    return [
        answer_tables.conflicts(answer["items"]),
        answer_tables.severities(answer["items"]),
        *_rest(answer),
    ]


def _dod(answer: Any, teams: dict[str, str]) -> list[RenderableType]:
    if not answer["criteria"]:
        return ["No team's Definition of Done is known."]
    return [answer_tables.done(answer, teams), *answer_tables.differences(answer, teams)]


def _unread(sources: Any) -> list[RenderableType]:
    """Nothing found in what was not read is no good news."""
    keys = [source["key"] for source in sources["items"] if not source["complete"]]
    return [f"Not read in full yet: {', '.join(keys)}. attune sync reads now."] if keys else []


def _rest(answer: Any) -> list[RenderableType]:
    return ["There are more: --limit shows up to 500."] if answer["next"] else []
