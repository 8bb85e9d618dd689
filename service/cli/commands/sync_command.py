"""attune sync"""

import click

from service.cli.failure import Failed
from service.cli.opening import known_sources, run
from service.cli.read_sources import read
from service.flow.context import Context


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--full", is_flag=True, help="Read everything again, not only what changed.")
def sync(sources: tuple[str, ...], full: bool) -> None:
    """Read the trackers now and say what was found.

    Without a SOURCE all sources of the product file are read. A source that fails does not keep
    the others from being read; the command then ends with exit code 1.
    """

    async def work(context: Context) -> None:
        results = await read(context, known_sources(context, sources), full)
        if failed := [result.source for result in results if result.error]:
            raise Failed(f"{', '.join(failed)} could not be read; everything else is up to date")

    run(work)
