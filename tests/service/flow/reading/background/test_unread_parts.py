"""Parts that reads left out: what is stored of them stays, and they are read later, a few at a time."""

from datetime import date, timedelta
from typing import Any

import pytest

from connectors.contract import SourceError
from connectors.item import Link
from service.flow.context import Context
from service.flow.reading.announced import read_announced
from service.flow.reading.background import unread_parts as flow
from service.flow.reading.background.unread_parts import BACKOFF_SECONDS, read_unread_parts
from service.store.database.engine import Database
from service.store.process import jobs
from service.store.sources import unread_parts
from service.store.tables import unread_part
from tests.support.flow import (
    announcements,
    answer,
    clock,
    conflicts,
    flow_context,
    ids,
    links,
    read_and_judge,
    rows,
    source,
    stored,
    sync,
)
from tests.support.tiny import TinyTracker

TODAY = date(2026, 3, 2)
REMOTE = Link("blocks", "jira://tiny.example/STO-2", "remote", "blocks")


@pytest.fixture
def tracker() -> TinyTracker:
    return TinyTracker(leaves_out=True)


async def left(context: Context) -> dict[str, dict[str, int]]:
    async with context.database.read() as connection:
        return await unread_parts.counts(connection)


async def test_a_remote_link_of_a_closed_issue_is_an_edge_once_it_is_read(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", state="dropped", closed_on=TODAY - timedelta(400), remote=(REMOTE,))
    tracker.add("STO", number=2)
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    assert await left(context) == {"onl": {"remote-links": 1}, "sto": {"remote-links": 1}}
    assert await links(context) == []
    assert await read_unread_parts(context, "onl") is not None
    await read_and_judge(context)
    known = await ids(context)
    assert (await answer(context, known["STO-2"]))["blocked_by"] == [known["ONL-1"]]
    assert [row.kind for row in await conflicts(context)] == ["dependency-dropped"]
    assert await left(context) == {"sto": {"remote-links": 1}}


async def test_what_is_stored_of_a_part_stays_when_the_item_comes_in_without_it(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", remote=(REMOTE,), texts=(Link("blocks", "jira:STO-9", "text", "blocks"),))
    context = await flow_context(database, tracker)
    await sync(context)
    await read_unread_parts(context, "onl")
    tracker.change(1, title="Another", texts=())
    await sync(context)
    assert [(row.ref, row.origin) for row in await links(context)] == [(REMOTE.ref, "remote")]
    assert (await stored(context))["ONL-1"].title == "Another"
    assert await left(context) == {"onl": {"remote-links": 1}}
    tracker.change_silently(1, remote=())
    await read_unread_parts(context, "onl")
    assert await links(context) == []
    assert await left(context) == {}


async def test_an_item_that_comes_in_without_a_part_and_is_the_same_else_has_not_changed(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", remote=(REMOTE,))
    context = await flow_context(database, tracker)
    await sync(context)
    await read_unread_parts(context, "onl")
    assert (await sync(context, full=True)).changed == 0


async def test_the_newest_closed_are_read_first_and_each_once(
    database: Database, tracker: TinyTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "ITEMS_AT_ONCE", 2)
    for age in (50, 400, 100, 31, 800):
        tracker.add("ONL", state="done", closed_on=TODAY - timedelta(age))
    tracker.add("ONL")
    context = await flow_context(database, tracker)
    await sync(context)
    before = {row.id: key for key, row in (await stored(context)).items()}
    read: list[set[str]] = []
    while True:
        waiting = {row.item for row in await rows(context, unread_part)}
        tracker.asked.clear()
        if await read_unread_parts(context, "onl") is None:
            break
        assert tracker.asked == ["read"]
        read.append({before[one] for one in waiting - {row.item for row in await rows(context, unread_part)}})
    assert read == [{"ONL-6", "ONL-4"}, {"ONL-1", "ONL-3"}, {"ONL-2", "ONL-5"}]
    await sync(context, full=True)
    assert {before[row.item] for row in await rows(context, unread_part)} == {"ONL-6"}  # open, and left out
    tracker.change(1, title="Changed since")
    await sync(context, full=True)
    assert {before[row.item] for row in await rows(context, unread_part)} == {"ONL-1", "ONL-6"}


async def test_a_part_that_cannot_be_read_is_tried_again_ever_later(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", remote=(REMOTE,))
    tracker.failing_parts = {1}
    context = await flow_context(database, tracker)
    await sync(context)
    began = clock(context).now
    tried = []
    for _ in range(12):
        if await read_unread_parts(context, "onl") is not None:
            tried.append(clock(context).now - began)
        clock(context).forward(3600)
    assert tried == [0.0, 3600.0, 7 * 3600.0]
    assert sum(BACKOFF_SECONDS[:2]) == tried[2]
    tracker.failing_parts = set()
    clock(context).forward(days := 10 * 86400)
    assert days
    await read_unread_parts(context, "onl")
    assert [row.ref for row in await links(context)] == [REMOTE.ref]
    assert await left(context) == {}


async def test_an_item_whose_part_fails_is_read_without_it_and_nothing_is_skipped(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.leaves_out = False
    tracker.failing_parts = {2}
    for _ in range(3):
        tracker.add("ONL", remote=(REMOTE,))
    context = await flow_context(database, tracker)
    result = await sync(context)
    assert (result.read, result.rejected, result.error) == (3, 0, None)
    assert await left(context) == {"onl": {"remote-links": 1}}
    assert len(await links(context)) == 2


async def test_what_cannot_be_found_any_more_is_read_by_name_and_goes(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(2)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.delete(1)
    await read_unread_parts(context, "onl")
    assert await announcements(context) == {("onl", "1")}
    await read_announced(context, "onl")
    assert set(await stored(context)) == {"ONL-2"}
    assert await left(context) == {}


async def test_a_read_that_fails_leaves_what_is_unread_as_it_was(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(2)
    context = await flow_context(database, tracker)
    await sync(context)
    before = await rows(context, unread_part, unread_part.c.item)
    tracker.faults.append(SourceError("limited", "come back later", 60.0))
    with pytest.raises(SourceError):
        await read_unread_parts(context, "onl")
    assert await rows(context, unread_part, unread_part.c.item) == before


async def test_who_lost_the_job_stores_nothing(database: Database, tracker: TinyTracker) -> None:
    tracker.add("ONL", remote=(REMOTE,))
    context = await flow_context(database, tracker)
    await sync(context)
    with pytest.raises(jobs.LeaseLostError):
        await read_unread_parts(context, "onl", jobs.Job("gone", "unread", "unread:onl", {}, 1, "lease"))
    assert await links(context) == []


@pytest.mark.parametrize(("budget", "pause"), [(None, 2.0), (720, 10.0), (100_000, 2.0), (1, 7200.0)])
async def test_half_of_a_source_s_requests_are_left_for_what_changes(
    database: Database, tracker: TinyTracker, budget: int | None, pause: float
) -> None:
    tracker.add("ONL")
    how: dict[str, Any] = {"max_requests_per_hour": budget}
    context = await flow_context(database, tracker, source("onl", **how))
    await sync(context)
    assert await read_unread_parts(context, "onl") == pause
