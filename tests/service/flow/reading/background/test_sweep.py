"""Asking for nothing but ids, and what follows from what is missing."""

import pytest

from connectors.contract import SourceError
from service.flow.reading.announced import read_announced
from service.flow.reading.background.sweep import sweep
from service.store.database.engine import Database
from tests.support.flow import announcements, flow_context, queued, source, source_row, stored, sync
from tests.support.tiny import TinyTracker


@pytest.fixture
def tracker() -> TinyTracker:
    found = TinyTracker()
    found.fill(30)
    return found


async def test_a_sweep_finds_nothing_missing(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    await sync(context)
    assert await sweep(context, "onl") == 0
    assert await announcements(context) == set()
    row = await source_row(context)
    assert row.last_sweep is not None
    assert row.requests == len(tracker.asked)


async def test_what_is_missing_is_read_by_id_before_it_goes(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await sync(context)
    await sync(context, "sto")
    tracker.delete(1)
    tracker.change_silently(2, is_secret=True)
    tracker.change_silently(3, project="STO")
    assert await sweep(context, "onl") == 3
    assert await announcements(context) == {("onl", "1"), ("onl", "2"), ("onl", "3")}
    assert len(await stored(context)) == 30  # nothing is gone by a list alone
    await read_announced(context, "onl")
    assert len(await stored(context)) == 27
    await read_announced(context, "sto")  # what left onl was asked for here
    assert {row.id: row.source for row in (await stored(context)).values()}["onl:3"] == "sto"


async def test_an_item_that_only_the_list_lacks_stays(database: Database, tracker: TinyTracker) -> None:
    """A search index lags; reading by id does not."""
    context = await flow_context(database, tracker)
    await sync(context)
    hidden = tracker.issues.pop(5)
    await sweep(context, "onl")
    tracker.issues[5] = hidden
    assert await read_announced(context, "onl") == 0
    assert len(await stored(context)) == 30


async def test_more_than_half_missing_asks_for_a_full_scan(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    await sync(context)
    everything = dict(tracker.issues)
    tracker.issues.clear()
    assert await sweep(context, "onl") == 30
    assert await announcements(context) == set()
    assert (await queued(context))["sync:onl"] == {"source": "onl", "full": True}
    await sync(context, full=True)
    assert len(await stored(context)) == 30
    assert (await source_row(context)).error_reason == "suspicious"
    tracker.issues = everything
    await sync(context, full=True)
    assert (await source_row(context)).state == "ok"


async def test_a_sweep_that_fails_changes_nothing(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.faults.append(SourceError("unreachable", "away"))
    with pytest.raises(SourceError):
        await sweep(context, "onl")
    row = await source_row(context)
    assert (row.last_sweep, row.state) == (None, "ok")
    assert len(await stored(context)) == 30
