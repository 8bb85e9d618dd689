"""Reading one source: full, by changes, cut off, limited, failing."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest

from connectors.contract import SourceError
from service.errors import NotFound
from service.flow.context import Context
from service.flow.reading import batches
from service.flow.reading import source_reading as flow
from service.flow.reading.announced import read_announced
from service.flow.reading.ingest import ingest_drafts
from service.flow.reading.read_plan import SECOND_LOOK_SECONDS
from service.flow.reading.scan_end import FEW_ITEMS
from service.flow.reading.sync import request_sync, sync_source
from service.store.database.engine import Database
from service.store.process import jobs
from service.store.process.jobs import LeaseLostError
from service.store.sources import sources, syncs
from service.store.tables import job as job_table
from tests.support.flow import (
    announcements,
    clock,
    conflicts,
    connector,
    flow_context,
    queued,
    read_and_judge,
    rejected,
    rows,
    source,
    source_row,
    stored,
    sync,
    told,
)
from tests.support.tiny import TinyTracker

LIMITED = SourceError("limited", "come back later", 90.0)
AWAY = SourceError("unreachable", "tiny.example does not answer")


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> TinyTracker:
    monkeypatch.setattr(batches, "ITEMS_PER_TRANSACTION", 10)  # a page is a transaction
    monkeypatch.setattr(batches, "ANSWERS_AT_ONCE", 10)
    return TinyTracker()


async def test_a_first_sync_reads_everything_and_says_so(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(25)
    context = await flow_context(database, tracker)
    result = await sync(context)
    assert (result.read, result.changed, result.rejected, result.error) == (25, 25, 0, None)
    row = await source_row(context)
    assert (row.state, row.complete, row.scan, row.error) == ("ok", True, None, None)
    assert len(await stored(context)) == 25
    async with database.read() as connection:
        run = await syncs.get(connection, result.sync)
    assert run is not None
    assert (run.state, run.read, run.changed, run.total) == ("done", 25, 25, 25)


async def test_later_syncs_read_what_changed(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(25)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.change(7, title="Another")
    tracker.add()
    result = await sync(context)
    assert (result.read, result.changed) == (2, 2)
    assert (await stored(context))["ONL-7"].title == "Another"
    nothing = await sync(context)
    assert (nothing.read, nothing.changed) == (0, 0)


async def test_progress_is_told_with_every_transaction(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(25)
    context = await flow_context(database, tracker)
    seen: list[tuple[int, int | None]] = []
    await sync_source(context, "onl", progress=lambda one: seen.append((one.read, one.total)))
    assert seen == [(10, 25), (20, 25), (25, 25)]


async def test_the_first_page_is_stored_at_once_and_then_many_together(
    database: Database, tracker: TinyTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "ITEMS_PER_TRANSACTION", 20)
    tracker.fill(45)
    seen: list[int] = []
    await sync_source(
        await flow_context(database, tracker), "onl", progress=lambda one: seen.append(one.read)
    )
    assert seen == [10, 30, 45]


async def test_a_cut_off_scan_goes_on_from_its_checkpoint(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(45)
    context = await flow_context(database, tracker)
    tracker.faults.extend([None, None, None, AWAY])  # the probe and two pages go well
    assert (await sync(context)).read == 20
    assert len(await stored(context)) == 20
    tracker.asked.clear()
    assert (await sync(context)).read == 25
    assert tracker.asked == ["probe", "page", "page", "page"]
    assert len(await stored(context)) == 45
    assert (await source_row(context)).complete


class KilledError(BaseException):
    """Nothing that anybody handles."""


async def test_a_crash_inside_a_transaction_loses_items_and_checkpoint_together(
    database: Database, tracker: TinyTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.fill(45)
    context = await flow_context(database, tracker)
    real = ingest_drafts
    calls = 0

    async def crash_on_the_third(*args: Any) -> Any:
        nonlocal calls
        calls += 1
        found = await real(*args)
        if calls == 3:
            raise KilledError
        return found

    monkeypatch.setattr(flow, "ingest_drafts", crash_on_the_third)
    with pytest.raises(KilledError):
        await sync_source(context, "onl")
    assert len(await stored(context)) == 20
    assert orjson.loads((await source_row(context)).checkpoint)["scan"] == 20
    result = await sync(context)
    assert (result.read, result.changed) == (25, 25)
    assert len(await stored(context)) == 45


async def test_a_scan_that_was_cut_off_before_its_first_page_is_no_delta(
    database: Database, tracker: TinyTracker
) -> None:
    """The checkpoint of before would end the scan at once, and everything would seem to be gone."""
    tracker.fill(8)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.faults.extend([None, AWAY])
    assert (await sync(context, full=True)).error
    result = await sync(context)
    assert result.read == 8
    assert len(await stored(context)) == 8


async def test_an_asked_for_full_scan_that_is_limited_is_not_begun_anew(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(45)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.faults.extend([None, None, None, LIMITED])
    assert (await sync(context, full=True)).read == 20
    assert (await sync(context, full=True)).read == 25


async def test_a_full_scan_is_due_every_day(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    clock(context).forward(hours=23)
    assert (await sync(context)).read == 0
    clock(context).forward(hours=1)
    assert (await sync(context)).read == 3


async def test_what_the_product_file_has_read_otherwise_is_read_anew(
    database: Database, tracker: TinyTracker
) -> None:
    """A changed filter, or another field, concerns items that no delta would bring."""
    tracker.fill(8, labels=("web",))
    context = await flow_context(database, tracker)
    await sync(context)
    same = await flow_context(database, tracker, source("onl", poll="1h"))
    assert (await sync(same)).read == 0
    for how in ({"label": "web"}, {"label": "web", "mapping": {"fields": {"due": "Target"}}}):
        other = await flow_context(database, tracker, source("onl", **how))
        assert (await sync(other)).read == 8
        assert (await sync(other)).read == 0


HIGH = {"priority": {"P-High": 1}}


async def test_a_changed_mapping_is_applied_without_asking_for_items_again(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(25, word="P-High")
    context = await flow_context(database, tracker)
    await sync(context)
    assert orjson.loads((await source_row(context)).unmapped) == {"priority": ["P-High"]}
    tracker.asked.clear()
    mapped = await flow_context(database, tracker, source("onl", mapping=HIGH))
    result = await sync(mapped)
    assert (result.read, result.changed) == (25, 25)
    assert tracker.asked == ["probe", "page"]  # for what has changed since
    assert {one.priority for one in (await stored(mapped)).values()} == {1}
    assert orjson.loads((await source_row(mapped)).unmapped) == {"priority": []}
    assert (await sync(mapped)).read == 0


async def test_another_route_is_taken_by_what_is_kept(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(12)
    await sync(await flow_context(database, tracker, source("onl", team="online")))
    tracker.asked.clear()
    routed = await flow_context(database, tracker, source("onl", team="stores"))
    assert (await sync(routed)).changed == 12
    assert tracker.asked == ["probe", "page"]
    assert {one.team for one in (await stored(routed)).values()} == {"stores"}


async def test_rereading_that_was_cut_off_is_done_again(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(25, word="P-High")
    await sync(await flow_context(database, tracker))
    mapped = await flow_context(database, tracker, source("onl", mapping=HIGH))
    connector(mapped).fails_at_reread = 2
    assert (await sync(mapped)).error is not None
    assert {one.priority for one in (await stored(mapped)).values()} == {1, None}
    assert (await sync(mapped)).error is None
    assert {one.priority for one in (await stored(mapped)).values()} == {1}


async def test_what_could_not_be_read_stays_so_and_an_older_answer_does_not_hide_it(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(3, word="P-High")
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.change(2, is_broken=True)
    await sync(context)
    mapped = await flow_context(database, tracker, source("onl", mapping=HIGH))
    await sync(mapped)
    assert {key: one.priority for key, one in (await stored(mapped)).items()} == {
        "ONL-1": 1, "ONL-2": None, "ONL-3": 1,
    }  # fmt: skip
    assert [record.key for record in await rejected(mapped)] == ["ONL-2"]


async def test_a_scan_that_was_cut_off_begins_anew_under_another_mapping(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(25, word="P-High")
    context = await flow_context(database, tracker)
    tracker.faults.extend([None, None, AWAY])
    await sync(context)
    mapped = await flow_context(database, tracker, source("onl", mapping=HIGH))
    assert (await sync(mapped)).read == 25
    assert {one.priority for one in (await stored(mapped)).values()} == {1}


async def test_what_a_full_scan_does_not_meet_is_gone(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(25)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.delete(3, 4)
    result = await sync(context, full=True)
    assert (result.read, result.changed) == (23, 2)
    assert {"ONL-3", "ONL-4"}.isdisjoint(await stored(context))


async def test_a_full_scan_that_lacks_more_than_half_is_held_back_until_another_agrees(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(30)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.delete(*range(1, 20))
    await sync(context, full=True)
    row = await source_row(context)
    assert (row.state, row.error_reason, len(await stored(context))) == ("failing", "suspicious", 30)
    assert [one.type for one in await told(context)] == ["source.failing"]
    await sync(context)  # a delta says nothing of it
    assert (await source_row(context)).state == "failing"
    assert len(await stored(context)) == 30
    clock(context).forward(SECOND_LOOK_SECONDS)
    await sync(context)  # the second full scan, by itself
    assert len(await stored(context)) == 11
    assert (await source_row(context)).state == "ok"
    assert [one.type for one in await told(context)] == ["source.failing", "source.recovered"]


async def test_only_what_both_scans_lack_goes(database: Database, tracker: TinyTracker) -> None:
    """A search index that is being rebuilt shows another part each time."""
    tracker.fill(30)
    context = await flow_context(database, tracker)
    await sync(context)
    everything = dict(tracker.issues)
    tracker.issues = {number: one for number, one in everything.items() if number <= 12}
    await sync(context, full=True)
    tracker.issues = {number: one for number, one in everything.items() if number > 20}
    await sync(context, full=True)
    assert sorted(row.native_id for row in (await stored(context)).values()) == sorted(
        str(number) for number in everything if number <= 12 or number > 20
    )
    assert (await source_row(context)).state == "failing"
    tracker.issues = everything
    await sync(context, full=True)
    assert len(await stored(context)) == 30
    assert (await source_row(context)).state == "ok"


async def test_a_small_source_may_lose_everything(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(FEW_ITEMS)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.issues.clear()
    await sync(context, full=True)
    assert await stored(context) == {}


async def test_the_probe_comes_once_an_hour_and_after_a_failure(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    await sync(context)
    assert connector(context).probes == 1
    clock(context).forward(hours=1)
    await sync(context)
    assert connector(context).probes == 2
    tracker.faults.append(AWAY)
    await sync(context)
    await sync(context)
    assert connector(context).probes == 3


async def test_a_limit_reschedules_and_makes_no_source_fail(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.faults.append(LIMITED)
    result = await sync(context)
    assert (result.error, result.retry_after) == ("come back later", 90.0)
    row = await source_row(context)
    assert (row.state, row.error_reason, row.failing_since) == ("ok", "limited", None)
    assert await told(context) == []
    await sync(context)
    assert (await source_row(context)).error is None


async def test_a_source_limited_at_its_first_read_was_never_read(
    database: Database, tracker: TinyTracker
) -> None:
    context = await flow_context(database, tracker)
    tracker.faults.append(LIMITED)
    await sync(context)
    assert (await source_row(context)).state == "never"


@pytest.mark.parametrize("reason", ["unreachable", "authentication", "not-found", "mapping", "answer"])
async def test_other_errors_make_it_fail_and_are_told_once(
    database: Database, tracker: TinyTracker, reason: Any
) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.always = SourceError(reason, "it does not work")
    for _ in range(3):
        assert (await sync(context)).error == "it does not work"
    row = await source_row(context)
    assert (row.state, row.error, row.error_reason) == ("failing", "it does not work", reason)
    assert len(await stored(context)) == 3
    tracker.always = None
    await sync(context)
    await sync(context)
    failing, recovered = await told(context)
    assert (failing.type, failing.teams, failing.data["reason"]) == ("source.failing", ("onl",), reason)
    assert (recovered.type, recovered.data["source"]) == ("source.recovered", "onl")
    row = await source_row(context)
    assert (row.state, row.error, row.failing_since) == ("ok", None, None)


async def test_a_limit_while_it_fails_heals_nothing(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    tracker.faults.extend([AWAY, LIMITED])
    await sync(context)
    await sync(context)
    assert (await source_row(context)).state == "failing"


async def test_a_fault_of_ours_is_told_too(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    tracker.faults.append(ZeroDivisionError("oh"))
    with pytest.raises(ZeroDivisionError):
        await sync_source(context, "onl")
    row = await source_row(context)
    assert (row.state, row.error) == (
        "failing",
        "attune failed at it (ZeroDivisionError); its log says how",
    )


async def test_requests_are_counted_once_also_those_of_failed_runs(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(25)
    context = await flow_context(database, tracker)
    tracker.faults.extend([None, None, AWAY])
    await sync(context)
    assert (await source_row(context)).requests == 3
    await sync(context)
    await sync(context)
    assert (await source_row(context)).requests == len(tracker.asked) == connector(context).requests


async def test_one_failing_source_does_not_stop_the_others(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(3, "STO")
    away = TinyTracker(always=AWAY)
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    connector(context).tracker = away
    await read_and_judge(context)
    assert len(await stored(context)) == 3
    assert ((await source_row(context)).state, (await source_row(context, "sto")).state) == ("failing", "ok")


async def clash(context: Context, tracker: TinyTracker) -> None:
    """STO-2, in progress, waits for ONL-1, which was dropped."""
    blocker = tracker.add("ONL", state="dropped")
    tracker.add("STO", state="doing", blocked_by=(blocker.id,))
    await read_and_judge(context)
    assert [(one.kind, one.state) for one in await conflicts(context)] == [("dependency-dropped", "open")]


async def fails(context: Context, tracker: TinyTracker) -> None:
    tracker.faults.append(AWAY)
    await sync(context)


async def is_tried_again(context: Context, tracker: TinyTracker) -> None:
    await fails(context, tracker)
    async with context.database.write() as connection:
        await sources.change(connection, "onl", state="syncing")


async def is_incomplete(context: Context, _tracker: TinyTracker) -> None:
    async with context.database.write() as connection:
        await sources.change(connection, "onl", complete=False)


@pytest.mark.parametrize("happens", [fails, is_tried_again, is_incomplete])
async def test_nothing_is_resolved_while_a_source_is_failing_or_incomplete(
    database: Database,
    tracker: TinyTracker,
    happens: Callable[[Context, TinyTracker], Awaitable[None]],
) -> None:
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await clash(context, tracker)
    await happens(context, tracker)
    tracker.change(2, blocked_by=())
    await read_and_judge(context, "sto")
    assert [one.state for one in await conflicts(context)] == ["open"]
    async with database.write() as connection:
        await sources.change(connection, "onl", complete=True)
    await read_and_judge(context)
    assert [one.state for one in await conflicts(context)] == ["resolved"]


async def test_a_run_under_way_is_joined(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    first = await request_sync(context, "onl")
    assert await request_sync(context, "onl") == first
    assert await queued(context) == {"sync:onl": {"source": "onl", "sync": first}}
    assert await request_sync(context, "onl", full=True) == first
    async with database.write() as connection:
        await jobs.enqueue(connection, "sync", "sync:onl", {"source": "onl"})  # a poll, or a hook
    assert await queued(context) == {"sync:onl": {"source": "onl", "sync": first, "full": True}}
    async with database.write() as connection:
        await jobs.claim(connection, 1)
    assert await request_sync(context, "onl") == first
    assert not (await rows(context, job_table))[0].again


async def test_a_run_that_a_killed_process_left_goes_on_for_whoever_follows_it(
    database: Database, tracker: TinyTracker
) -> None:
    context = await flow_context(database, tracker)
    async with database.write() as connection:
        older = await syncs.begin(connection, "onl", False, 1.0)
        left = await syncs.begin(connection, "onl", False, 2.0)
    assert await request_sync(context, "onl") == left
    assert (await sync(context)).sync == left
    async with database.read() as connection:
        ended = [await syncs.get(connection, one) for one in (older, left)]
    assert [one and (one.state, one.error) for one in ended] == [
        ("failed", "it was interrupted"),
        ("done", None),
    ]


async def test_a_worker_that_lost_its_lease_writes_nothing_more(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(25)
    context = await flow_context(database, tracker)
    async with database.write() as connection:
        await jobs.enqueue(connection, "sync", "sync:onl", {"source": "onl"})
        [ours] = await jobs.claim(connection, 1)
        await connection.execute(job_table.update().values(lease="theirs"))
    with pytest.raises(LeaseLostError):
        await sync_source(context, "onl", job=ours)
    assert await stored(context) == {}
    assert (await source_row(context)).checkpoint is None
    assert await told(context) == []


async def test_an_unknown_source_is_a_key_error(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    with pytest.raises(NotFound):
        await request_sync(context, "nowhere")


async def test_where_a_record_has_no_name_nobody_goes_before_it_is_read_by_its_id(
    database: Database, tracker: TinyTracker
) -> None:
    """It may be any of those that the scan did not meet."""
    tracker.fill(4)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.change(2, is_broken=True, is_nameless=True)
    tracker.delete(3)
    await sync(context, full=True)
    assert [record.key for record in await rejected(context)] == ["ONL, record 2 of its page"]
    assert set(await stored(context)) == {"ONL-1", "ONL-2", "ONL-3", "ONL-4"}
    assert await announcements(context) == {("onl", "2"), ("onl", "3")}
    tracker.change(2, is_broken=False)
    await read_announced(context, "onl")
    assert set(await stored(context)) == {"ONL-1", "ONL-2", "ONL-4"}


async def test_records_without_a_name_are_counted_each(database: Database, tracker: TinyTracker) -> None:
    for _ in range(3):
        tracker.add(is_broken=True, is_nameless=True)
    context = await flow_context(database, tracker)
    result = await sync(context)
    assert (result.read, result.rejected) == (3, 3)
    assert (await source_row(context)).rejected_count == 3
    assert [record.key for record in await rejected(context)] == [
        f"ONL, record {place} of its page" for place in (1, 2, 3)
    ]
