"""Replicas that write at the same time take what they share in one order: none is thrown out for another."""

import asyncio
from datetime import date, timedelta

import pytest

from connectors.contract import Page
from service.domain.plan.dependency import dependency_id
from service.flow.context import Context
from service.flow.decisions.agree import Move, agree
from service.flow.decisions.decide import Decision, decide
from service.flow.decisions.declare import declare, take_back
from service.flow.reading.ingest import ingest
from service.flow.reading.sync import sync_source
from service.flow.unit_of_work import unit_of_work
from service.store.database.engine import Database
from tests.support.flow import (
    clock,
    conflicts,
    connector,
    flow_context,
    ids,
    read_and_judge,
    source,
    stored,
    told,
)
from tests.support.tiny import TinyTracker

ROUNDS = 25
NEEDED = date(2026, 3, 13)


@pytest.fixture
def tracker() -> TinyTracker:
    """STO-2 waits for ONL-1, an epic, which is due too late; ONL-3 and STO-4 wait for nothing yet."""
    found = TinyTracker()
    found.add("ONL", kind="epic", due=date(2026, 4, 10))
    found.add("STO", due=date(2026, 3, 31), blocked_by=(1,))
    found.add("ONL", due=date(2026, 3, 10))
    found.add("STO", due=date(2026, 3, 31))
    return found


@pytest.fixture
async def replicas(database: Database, tracker: TinyTracker) -> tuple[Context, Context]:
    one, other = [await flow_context(database, tracker, source("onl"), source("sto")) for _ in range(2)]
    await read_and_judge(one)
    return one, other


async def test_syncs_agreements_decisions_and_declarations_at_once(
    replicas: tuple[Context, Context], tracker: TinyTracker
) -> None:
    one, other = replicas
    known = await ids(one)
    edge = dependency_id(known["ONL-1"], known["STO-2"])
    [row] = await conflicts(one)

    async def read() -> None:
        """Each read marks items and tells of an epic that moved."""
        for number in range(ROUNDS):
            tracker.change(1, due=date(2026, 4, 10) + timedelta(number % 2 + 1))
            clock(one).forward(1)
            result = await sync_source(one, "onl")
            assert result.error is None

    async def ask() -> None:
        for _ in range(ROUNDS):
            await agree(other, edge, Move("request", "PO", NEEDED))
            await agree(other, edge, Move("withdraw", "PO"))

    async def take_up() -> None:
        for _ in range(ROUNDS):
            await decide(one, row.id, Decision("acknowledge", "PO"))
            await decide(one, row.id, Decision("reopen", "PO"))

    async def tie() -> None:
        for _ in range(ROUNDS):
            found, _ = await declare(other, known["ONL-3"], known["STO-4"], "PO")
            await take_back(other, found.id)

    await asyncio.gather(read(), ask(), take_up(), tie())
    assert len(await told(one, "agreement.requested", "agreement.withdrawn")) == 2 * ROUNDS
    assert len(await told(one, "plan.moved")) == ROUNDS


async def test_two_reads_of_the_same_items_in_opposite_order(
    replicas: tuple[Context, Context], tracker: TinyTracker
) -> None:
    tracker.fill(50)
    options = replicas[0].options_of("onl")

    async def write(context: Context, page: Page) -> None:
        async with unit_of_work(context) as work:
            await ingest(work, options, [page], clock(context).now)

    for number in range(ROUNDS):
        for one in [one for one, issue in tracker.issues.items() if issue.project == "ONL"]:
            tracker.change(one, title=f"Round {number}")
        found = [one async for page in connector(replicas[0]).pages(None) for one in page.items]
        pages = Page(found, {}), Page(found[::-1], {})
        await asyncio.gather(*(write(context, page) for context, page in zip(replicas, pages, strict=True)))
    assert {row.title for row in (await stored(replicas[0])).values() if row.source == "onl"} == {
        f"Round {ROUNDS - 1}"
    }
