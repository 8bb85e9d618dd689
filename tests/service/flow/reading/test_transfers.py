"""An issue that its tracker gives another id when it moves between two sources is one item all along."""

from typing import Any

import pytest

from connectors.contract import SourceError
from connectors.item import Link
from service.flow.context import Context
from service.flow.decisions.declare import declare
from service.flow.reading import announced as announced_reading
from service.flow.reading.announced import read_announced, receive
from service.flow.reading.background.sweep import sweep
from service.store.database.engine import Database
from service.store.tables import declaration, item, item_change, pin, reference
from tests.support import tiny
from tests.support.flow import (
    announcements,
    answer,
    clock,
    conflicts,
    flow_context,
    ids,
    read_and_judge,
    rows,
    source,
    stored,
    sync,
    told,
)
from tests.support.tiny import TinyTracker


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> TinyTracker:
    monkeypatch.setattr(announced_reading, "connector_kinds", lambda: {"tiny": tiny})
    monkeypatch.setattr(announced_reading, "GATHER_SECONDS", 0.01)
    return TinyTracker()


async def two_sources(database: Database, tracker: TinyTracker, **sto: Any) -> Context:
    """ONL-1 is dropped and STO-2 waits for it: a conflict that goes on with the item."""
    tracker.add("ONL", state="dropped")
    tracker.add("STO", number=2, texts=(Link("blocked-by", "jira:ONL-1", "text", "blocked by"),))
    context = await flow_context(database, tracker, source("onl"), source("sto", **sto), source("third"))
    await read_and_judge(context)
    return context


async def settle(context: Context) -> None:
    """Whatever is announced is read."""
    while await announcements(context):
        for one in context.product.sources:
            await read_announced(context, one.key)
    clock(context).forward(1)


async def by_webhook(context: Context, tracker: TinyTracker, new: int) -> None:
    headers, body = tiny.hook("d1", deleted=["1"], moved={"1": tracker.identity(new)})
    await receive(context, "tiny", "onl", headers, body)


async def by_full_scan(context: Context, _tracker: TinyTracker, _new: int) -> None:
    await sync(context, "onl", full=True)


async def by_sweep(context: Context, _tracker: TinyTracker, _new: int) -> None:
    await sweep(context, "onl")


async def by_deletion(context: Context, _tracker: TinyTracker, _new: int) -> None:
    headers, body = tiny.hook("d1", deleted=["1"])
    await receive(context, "tiny", "onl", headers, body)


NOTICED = {"a webhook": by_webhook, "a full scan": by_full_scan, "a sweep": by_sweep, "a loss": by_deletion}


@pytest.mark.parametrize("is_new_read_first", [True, False])
@pytest.mark.parametrize("notice", NOTICED.values(), ids=NOTICED.keys())
async def test_a_transferred_issue_is_one_item_in_whatever_order_it_is_read(
    database: Database, tracker: TinyTracker, notice: Any, is_new_read_first: bool
) -> None:
    context = await two_sources(database, tracker)
    before = (await stored(context))["ONL-1"]
    new = tracker.transfer(1, "STO")
    if is_new_read_first:
        await read_and_judge(context, "sto")
    await notice(context, tracker, new.id)
    await settle(context)
    await read_and_judge(context)
    rows_now = await stored(context)
    assert set(rows_now) == {"STO-2", new.key}
    moved = rows_now[new.key]
    assert (moved.id, moved.source, moved.team, moved.native_id) == (before.id, "sto", "sto", str(new.id))
    assert (await answer(context, before.id))["key"] == new.key
    states = {row.kind: row.state for row in await conflicts(context)}
    assert states["dependency-dropped"] == "resolved"  # both ends are one team's now
    assert (await answer(context, rows_now["STO-2"].id))["blocked_by"] == [before.id]
    assert ("team", "onl", "sto") in {
        (row.field, row.before, row.after)
        for row in await rows(context, item_change)
        if row.item == before.id
    }
    assert await told(context, "conflict.reopened") == []


async def test_until_it_is_read_there_it_stands_as_it_was(database: Database, tracker: TinyTracker) -> None:
    context = await two_sources(database, tracker)
    tracker.transfer(1, "STO")
    await sync(context, "onl", full=True)
    assert set(await stored(context)) == {"ONL-1", "STO-2"}
    assert {key for key, _ in await announcements(context)} == {"sto"}


async def test_what_the_other_source_does_not_select_goes(database: Database, tracker: TinyTracker) -> None:
    context = await two_sources(database, tracker, label="planned")
    tracker.transfer(1, "STO")
    await sync(context, "onl", full=True)
    await settle(context)
    assert set(await stored(context)) == set()


async def test_what_leaves_every_source_goes(database: Database, tracker: TinyTracker) -> None:
    context = await two_sources(database, tracker)
    tracker.transfer(1, "ELSEWHERE")
    await sync(context, "onl", full=True)
    await settle(context)
    assert set(await stored(context)) == {"STO-2"}


async def test_what_comes_back_is_still_the_same(database: Database, tracker: TinyTracker) -> None:
    context = await two_sources(database, tracker)
    before = (await ids(context))["ONL-1"]
    there = tracker.transfer(1, "STO")
    await sync(context, "onl", full=True)
    await settle(context)
    back = tracker.transfer(there, "ONL")
    await sync(context, "sto", full=True)
    await settle(context)
    assert await ids(context) == {back.key: before, "STO-2": (await ids(context))["STO-2"]}


async def test_a_transfer_within_one_source_is_followed(database: Database, tracker: TinyTracker) -> None:
    tracker.add("ONL")
    tracker.add("STO", number=2)
    context = await flow_context(database, tracker, source("all", project="*", team="one"))
    await sync(context, "all")
    before = await ids(context)
    new = tracker.transfer(1, "STO")
    await sync(context, "all")
    await sync(context, "all", full=True)
    while await announcements(context):
        await read_announced(context, "all")
    assert await ids(context) == {new.key: before["ONL-1"], "STO-2": before["STO-2"]}


async def test_what_was_said_of_the_new_one_is_said_of_the_item(
    database: Database, tracker: TinyTracker
) -> None:
    context = await two_sources(database, tracker)
    before = (await ids(context))["ONL-1"]
    new = tracker.transfer(1, "STO")
    await read_and_judge(context, "sto")
    known = await ids(context)
    await declare(context, known[new.key], known["STO-2"], "PO")
    async with database.write() as connection:
        await connection.execute(pin.insert().values(place=0, item=known[new.key]))
    await sync(context, "onl", full=True)
    await settle(context)
    assert [(row.blocker, row.dependent) for row in await rows(context, declaration)] == [
        (before, known["STO-2"])
    ]
    assert [row.item for row in await rows(context, pin)] == [before]
    assert known[new.key] not in {row.item for row in await rows(context, reference)}
    assert {row.id for row in await rows(context, item)} == {before, known["STO-2"]}


async def test_while_the_tracker_cannot_say_what_became_of_it_nothing_goes(
    database: Database, tracker: TinyTracker
) -> None:
    context = await two_sources(database, tracker)
    tracker.delete(1)
    tracker.unanswered = {"ONL-1"}
    await sync(context, "onl", full=True)
    assert "ONL-1" in await stored(context)
    tracker.unanswered = set()
    tracker.faults.extend([None, None, SourceError("unreachable", "tiny.example does not answer")])
    result = await sync(context, "onl", full=True)
    assert result.error
    assert "ONL-1" in await stored(context)
    clock(context).forward(1)
    await sync(context, "onl", full=True)
    assert "ONL-1" not in await stored(context)


async def test_a_move_that_keeps_the_identity_is_followed_as_before(
    database: Database, tracker: TinyTracker
) -> None:
    context = await two_sources(database, tracker)
    before = (await ids(context))["ONL-1"]
    tracker.change(1, project="STO", number=9)
    tracker.redirects["ONL-1"] = "STO-9"
    await sync(context, "onl", full=True)
    await settle(context)
    assert (await ids(context))["STO-9"] == before
