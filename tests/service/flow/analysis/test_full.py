"""The whole backlog judged: what a reader could see anew grows the revision, and nothing else does."""

import pytest

from service.flow.analysis.full import analyse
from service.flow.context import Context
from service.store.database.engine import Database
from service.store.process import revision
from tests.support.flow import clock, flow_context, read_and_judge, source
from tests.support.tiny import TinyTracker


@pytest.fixture
async def context(database: Database) -> Context:
    tracker = TinyTracker()
    tracker.add("ONL")
    found = await flow_context(database, tracker, source("onl"))
    await read_and_judge(found)
    return found


async def read_revision(context: Context) -> int:
    async with context.database.read() as connection:
        return await revision.current(connection)


async def test_judging_again_changes_no_answer_until_the_day_does(context: Context) -> None:
    """What is stale comes with the day alone, and answers are kept by their revision."""
    before = await read_revision(context)
    await analyse(context)
    assert await read_revision(context) == before
    clock(context).forward(hours=24)
    await analyse(context)
    assert await read_revision(context) == before + 1
    await analyse(context)
    assert await read_revision(context) == before + 1
