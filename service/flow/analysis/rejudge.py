"""After a change: what it can touch at once, the whole backlog soon after."""

import time

from service.flow.analysis.full import analyse, analyse_up_to
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.analysis.turn import AnalysisTurn
from service.flow.context import Context
from service.flow.reading.background.look_up import note_names
from service.flow.unit_of_work import unit_of_work
from service.store.process import revision, touched


async def judge_changes(context: Context) -> None:
    """Conflicts around what was touched are stored and told of when this returns; the order follows."""
    async with context.database.read() as connection:
        if not await touched.is_any(connection):
            return
    if not await judge_neighbourhood(context):
        await analyse_all(context)
        return
    async with unit_of_work(context) as work:
        work.enqueue("analyse", "analyse", delay=context.own(AnalysisTurn).delay)


async def follow_decision(context: Context) -> None:
    """What people decided is judged when this returns, and the order follows where that takes a moment.

    Decisions that come together share an analysis.
    """
    if not context.own(AnalysisTurn).is_short:
        await judge_changes(context)
        return
    async with context.database.read() as connection:
        decided = await revision.last_change(connection)
    await analyse_up_to(context, decided)


async def analyse_when_due(context: Context) -> float | None:
    """None when it is done, else seconds until it may begin: others want the machine too."""
    if pause := context.own(AnalysisTurn).remaining_pause(time.monotonic()):
        return pause
    await analyse_all(context)
    return None


async def analyse_all(context: Context) -> None:
    await analyse(context)
    await note_names(context)
