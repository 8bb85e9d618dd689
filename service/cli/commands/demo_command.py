"""attune demo"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from config.product import load_product
from config.settings import Settings
from service.app import open_context
from service.app import serve as run_service
from service.cli import answer_tables, loop
from service.cli.client import client
from service.cli.commands.show_command import team_names
from service.cli.console import output
from service.cli.failure import Failed
from service.cli.opening import demand_free_port, load_settings
from service.cli.read_sources import read
from service.demo.environment import PRODUCT_FILE, TIMEZONE
from service.flow.context import Context

_FOLDER = Path("attune-data/demo")
_HEAD = 15  # items of the backlog that are shown


@click.command()
@click.option("--once", is_flag=True, help="Show what was found and end, instead of serving it.")
def demo(once: bool) -> None:
    """See attune at work on four simulated teams of a retailer.

    Starts their trackers (two Jira sites and a GitHub) on this machine, reads them, shows the merged
    backlog and the conflicts, and keeps serving the page and the API until Ctrl-C. Nothing you have
    is read or changed; every start begins afresh.
    """
    settings = load_settings().model_copy(update={"database_url": _fresh_database(), "host": "127.0.0.1"})
    if not once:
        demand_free_port(settings.host, settings.port)
    today = datetime.now(ZoneInfo(TIMEZONE)).date()
    with _trackers(today) as environment:
        loop.run(_demonstrate(settings, environment, once))


def _trackers(today: date) -> AbstractContextManager[Mapping[str, str]]:
    """Imported only here: a server that reads real trackers goes without what the simulated ones need."""
    try:
        from service.demo.demonstration import trackers
    except ModuleNotFoundError as error:
        message = f"the simulated trackers need {error.name}: pip install 'attune[demo]'"
        raise Failed(message) from error
    return trackers(today)


def _fresh_database() -> str:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for left in _FOLDER.glob("attune.db*"):
        left.unlink()
    return f"sqlite:///{_FOLDER.absolute()}/attune.db"


async def _demonstrate(settings: Settings, environment: Mapping[str, str], once: bool) -> None:
    product = load_product(PRODUCT_FILE, environment)
    async with open_context(settings, product, open_access=True) as context:
        await _show(context, environment)
        if once:
            return
        output().print(_addresses(settings))
        await run_service(context)


async def _show(context: Context, environment: Mapping[str, str]) -> None:
    output().print(_opening(environment))
    results = await read(context, [source.key for source in context.product.sources], full=False)
    if any(result.error for result in results):
        raise Failed("a simulated tracker could not be read")
    teams = team_names(context)
    async with client(context) as asked:
        items = (await asked.get("/v1/backlog", {"limit": _HEAD}))["items"]
        conflicts = (await asked.get("/v1/conflicts", {"limit": 500}))["items"]
        done = await asked.get("/v1/dod")
    output().print()
    output().print(answer_tables.backlog(items, teams, "The head of the one backlog"))
    title = f"Conflicts between the teams: {answer_tables.severities(conflicts)}"
    output().print(answer_tables.conflicts(conflicts, title))
    output().print("[bold]Definitions of Done, team by team[/]")
    for line in answer_tables.differences(done, teams):
        output().print(line)


def _opening(environment: Mapping[str, str]) -> str:
    return (
        "[bold]Veldhuis[/], a retailer: four teams plan a joint spring promotion, each in its own tracker.\n"
        f"  Online       Jira Cloud              {environment['DEMO_ONLINE_URL']}\n"
        f"  Back office  Jira Data Center        {environment['DEMO_BACKOFFICE_URL']}\n"
        f"  Stores       GitHub with a Project   {environment['DEMO_GITHUB_URL']}\n"
        f"  Data         GitHub, by milestones   {environment['DEMO_GITHUB_URL']}\n"
    )


def _addresses(settings: Settings) -> str:
    here = f"http://{settings.host}:{settings.port}"
    return (
        f"\n[bold]The page[/]         {here}\n"
        f"[bold]The API[/]          {here}/v1/backlog  {here}/v1/conflicts\n"
        f"[bold]Its description[/]  {here}/openapi.json\n"
        "Ctrl-C ends it."
    )
