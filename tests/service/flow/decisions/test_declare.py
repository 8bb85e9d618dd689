"""A declared dependency is judged before the answer, and the order follows at once or soon."""

import asyncio

import pytest

from service.flow.analysis.turn import AnalysisTurn
from service.flow.context import Context
from service.flow.decisions.declare import declare, take_back
from service.store.backlog import backlog
from service.store.backlog.backlog import Filters
from service.store.database.engine import Database
from service.store.process import revision
from tests.support.flow import flow_context, ids, queued, read_and_judge, source
from tests.support.tiny import TinyTracker


@pytest.fixture
async def context(database: Database) -> Context:
    """ONL-1 stands before STO-2: it is the more urgent."""
    tracker = TinyTracker()
    tracker.add("ONL", priority=1)
    tracker.add("STO", priority=3)
    found = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(found)
    return found


async def order(context: Context) -> list[str]:
    """Keys, first things first."""
    async with context.database.read() as connection:
        page = await backlog.page(connection, Filters(states=("todo", "doing")), "position", None, 10)
    keys = {item_id: key for key, item_id in (await ids(context)).items()}
    return [keys[row.id] for row in page]


async def analyses(context: Context) -> int:
    async with context.database.read() as connection:
        return await revision.analysed(connection)


def take_long(context: Context, seconds: float = 30.0) -> None:
    """As in a product of a million items."""
    context.own(AnalysisTurn).note(0.0, seconds)


async def test_the_order_agrees_with_the_answer(context: Context) -> None:
    known = await ids(context)
    assert await order(context) == ["ONL-1", "STO-2"]
    edge, _ = await declare(context, known["STO-2"], known["ONL-1"], "PO")
    assert await order(context) == ["STO-2", "ONL-1"]
    await take_back(context, edge.id)
    assert await order(context) == ["ONL-1", "STO-2"]


async def test_where_an_analysis_takes_long_the_order_follows_soon(context: Context) -> None:
    known = await ids(context)
    take_long(context)
    await declare(context, known["STO-2"], known["ONL-1"], "PO")
    assert await order(context) == ["ONL-1", "STO-2"]
    assert "analyse" in await queued(context)


async def changes(context: Context) -> int:
    async with context.database.read() as connection:
        return await revision.last_change(connection)


async def test_decisions_that_come_together_share_an_analysis(context: Context) -> None:
    known, analysed, changed = await ids(context), await analyses(context), await changes(context)
    pairs = [(known["STO-2"], known["ONL-1"]), (known["ONL-1"], known["STO-2"])]
    async with context.own(AnalysisTurn).lock:
        deciding = [asyncio.create_task(declare(context, *pair, "PO")) for pair in pairs]
        while await changes(context) < changed + len(pairs):  # noqa: ASYNC110 - until both are stored
            await asyncio.sleep(0.01)
    await asyncio.gather(*deciding)
    assert await analyses(context) == analysed + 1
