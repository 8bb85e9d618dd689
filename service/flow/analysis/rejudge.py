"""After a change: what it can touch at once, the whole backlog soon after."""

import time

from service.flow.analysis.full import analyse
from service.flow.analysis.incremental import judge_nearby
from service.flow.context import Context
from service.flow.reading.background.look_up import note_names
from service.flow.unit_of_work import unit_of_work
from service.store.process import revision, touched

SOON = 2.0  # seconds; changes that come close together share one full analysis
SHARE = 5.0  # a full analysis follows no sooner than so many times its own length


async def rejudge(context: Context) -> None:
    """Conflicts around what was touched are stored and told of when this returns."""
    async with context.database.read() as connection:
        if not await touched.is_any(connection):
            return
    if not await judge_nearby(context):
        await analyse_all(context)
        return
    delay = max(SOON, SHARE * context.analysis_took)
    async with unit_of_work(context) as work:
        work.enqueue("analyse", "analyse", delay=delay)


async def analyse_all(context: Context) -> None:
    begun = time.monotonic()
    async with context.database.read() as connection:
        changed = await revision.last_change(connection)
    await analyse(context)
    async with context.database.write() as connection:
        await revision.reach_whole(connection, changed)
    await note_names(context)
    context.analysis_took = time.monotonic() - begun
