"""The process that reads on time: what it survives, what it leaves to others."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select, update

from connectors.contract import SourceError
from connectors.item import Link
from service.flow import worker as flow
from service.flow.context import Context
from service.flow.reading.sync import SyncResult, request_sync
from service.flow.worker import Worker
from service.store.database.dialect import database_time
from service.store.database.engine import Database, UnavailableError
from service.store.process import jobs
from service.store.sources import sources, syncs
from service.store.tables import job as job_table
from service.store.tables import source as source_table
from service.store.tables import unread_part
from tests.support.flow import (
    announcements,
    clock,
    conflicts,
    flow_context,
    make_product,
    queued,
    rows,
    source,
    source_row,
    stored,
    told,
)
from tests.support.tiny import TinyTracker


@pytest.fixture(autouse=True)
def haste(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "IDLE_SECONDS", 0.05)
    monkeypatch.setattr(flow, "DRAIN_SECONDS", 0.2)


@asynccontextmanager
async def working(*contexts: Context) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = [asyncio.create_task(Worker(context).run(stop)) for context in contexts]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await asyncio.gather(*running)


async def until(holds: Callable[[], Any]) -> None:
    """``holds`` is a coroutine function."""
    async with asyncio.timeout(20):
        while not await holds():  # noqa: ASYNC110 - it is a database that is watched
            await asyncio.sleep(0.02)


async def test_it_reads_every_source_judges_and_reads_again_when_due(database: Database) -> None:
    tracker = TinyTracker()
    tracker.add("ONL", state="dropped")
    tracker.add("STO", state="doing", blocked_by=(1,))
    context = await flow_context(database, tracker, source("onl"), source("sto"))

    async def is_judged() -> bool:
        return [one.state for one in await conflicts(context)] == ["open"]

    async def is_mended() -> bool:
        return [one.state for one in await conflicts(context)] == ["resolved"]

    async with working(context):
        await until(is_judged)
        tracker.change(2, blocked_by=())
        await asyncio.sleep(0.3)
        assert [one.state for one in await conflicts(context)] == ["open"]  # not due yet
        clock(context).forward(minutes=5)
        await until(is_mended)
    assert [one.type for one in await told(context, "conflict.opened", "conflict.resolved")] == [
        "conflict.opened",
        "conflict.resolved",
    ]


async def test_a_run_that_is_followed_ends_after_the_analysis(database: Database) -> None:
    tracker = TinyTracker()
    tracker.fill(3)
    context = await flow_context(database, tracker)
    run = await request_sync(context, "onl")

    async def is_done() -> bool:
        async with database.read() as connection:
            found = await syncs.get(connection, run)
        return found is not None and found.state == "done"

    async with working(context):
        await until(is_done)
    assert all(row.position is not None for row in (await stored(context)).values())


async def test_a_failing_source_does_not_hold_up_the_worker(database: Database) -> None:
    tracker = TinyTracker()
    tracker.fill(3, "STO")
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    broken = TinyTracker(always=ZeroDivisionError("a fault of ours"))
    context.connectors["onl"].tracker = broken  # type: ignore[attr-defined]

    async def is_read() -> bool:
        return len(await stored(context)) == 3 and (await source_row(context)).state == "failing"

    async with working(context):
        await until(is_read)
    [waiting] = [row for row in await rows(context, job_table) if row.key == "sync:onl"]
    assert (waiting.lease, waiting.attempts) == (None, 1)


async def test_a_database_that_is_away_for_a_moment_ends_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = TinyTracker()
    tracker.fill(2)
    context = await flow_context(database, tracker)
    real, calls = sources.all_sources, 0

    async def away_at_first(connection: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls <= 3:
            raise UnavailableError("away")
        return await real(connection)

    monkeypatch.setattr(sources, "all_sources", away_at_first)

    async def is_read() -> bool:
        return len(await stored(context)) == 2

    async with working(context):
        await until(is_read)


async def test_a_limited_source_comes_back_when_its_tracker_said(database: Database) -> None:
    tracker = TinyTracker(always=SourceError("limited", "later", 900.0))
    context = await flow_context(database, tracker)

    async def is_put_off() -> bool:
        found = [row for row in await rows(context, job_table) if row.key == "sync:onl"]
        return bool(found and found[0].lease is None and found[0].attempts == 1)

    async with working(context):
        await until(is_put_off)
        async with database.read() as connection:
            delay = await jobs.next_due(connection)
        assert delay is not None
    [waiting] = [row for row in await rows(context, job_table) if row.key == "sync:onl"]
    async with database.read() as connection:
        left = await connection.scalar(
            select(job_table.c.due - database_time(connection)).where(job_table.c.key == "sync:onl")
        )
    assert waiting.lease is None
    assert left is not None
    assert 890 < left <= 900
    assert tracker.asked == ["probe"]


@pytest.mark.parametrize(("asked", "waits"), [(None, 30.0), (5.0, 5.0), (0.0, 1.0), (1e12, 86400.0)])
def test_how_long_a_failed_read_waits(asked: float | None, waits: float) -> None:
    result = SyncResult("syn_1", "onl", 0, 0, 0, "error", asked)
    assert flow._patience(result, 1) == waits


async def test_stopping_lets_a_short_job_end_and_leaves_a_long_one_to_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "DRAIN_SECONDS", 3.0)
    tracker = TinyTracker()
    tracker.fill(3)
    tracker.fill(3, "STO")
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    begun = asyncio.Event()

    async def short() -> Any:
        await asyncio.sleep(0.1)
        return await type(context.connectors["onl"]).probe(context.connectors["onl"])

    async def endless() -> Any:
        begun.set()
        await asyncio.sleep(3600)

    context.connectors["onl"].probe = short  # type: ignore[method-assign]
    context.connectors["sto"].probe = endless  # type: ignore[method-assign]
    async with working(context):
        await begun.wait()
    assert len(await stored(context)) == 3
    left = {row.key: row for row in await rows(context, job_table)}
    assert "sync:onl" not in left
    assert (left["sync:sto"].lease, left["sync:sto"].leased_until) == (None, None)
    del context.connectors["sto"].probe
    async with database.write() as connection:
        assert "sync:sto" in {one.key for one in await jobs.claim(connection, 10)}  # at once


async def test_two_workers_share_and_read_each_source_once(database: Database) -> None:
    if database.is_sqlite:
        pytest.skip("processes share PostgreSQL")
    tracker = TinyTracker()
    keys = [f"s{number}" for number in range(8)]
    for key in keys:
        tracker.fill(5, key.upper())
    options = [source(key) for key in keys]
    other_database = Database(database.engine.url.render_as_string(hide_password=False))
    contexts = [await flow_context(one, tracker, *options) for one in (database, other_database)]

    async def is_read() -> bool:
        return len(await stored(contexts[0])) == 40 and not any(
            key.startswith("sync:") for key in await queued(contexts[0])
        )

    async with working(*contexts):
        await until(is_read)
    await other_database.close()
    assert tracker.asked.count("page") == 8
    assert {row.requests for row in await rows(contexts[0], source_table)} == {2}


async def test_what_is_announced_is_read_and_judged(database: Database) -> None:
    tracker = TinyTracker()
    tracker.add("ONL", state="dropped")
    tracker.add("ONL", state="doing", blocked_by=(1,))
    context = await flow_context(database, tracker)
    async with database.write() as connection:
        await jobs.announce(connection, "onl", ["1", "2"], 1.0)
        await jobs.enqueue(connection, "read", "read:onl", {"source": "onl"})
        await sources.change(connection, "onl", last_delta=clock(context).now)

    async def is_read() -> bool:
        return len(await stored(context)) == 2 and not await announcements(context)

    async with working(context):
        await until(is_read)


async def test_a_sweep_that_fails_waits_its_turn(database: Database) -> None:
    tracker = TinyTracker()
    tracker.fill(3)
    context = await flow_context(database, tracker)
    async with database.write() as connection:
        now = clock(context).now
        await sources.change(connection, "onl", last_delta=now, complete=True, state="ok")
    tracker.always = SourceError("unreachable", "away")

    async def is_put_off() -> bool:
        found = [row for row in await rows(context, job_table) if row.key == "sweep:onl"]
        return bool(found and found[0].attempts == 1 and found[0].lease is None)

    async with working(context):
        await until(is_put_off)
        await asyncio.sleep(0.4)
    assert tracker.asked == ["identities"]


async def test_work_for_a_source_that_left_the_product_file_is_dropped(database: Database) -> None:
    tracker = TinyTracker()
    context = await flow_context(database, tracker, source("onl"), source("old"))
    context.product = make_product(source("onl"))
    async with database.write() as connection:
        for kind in ("sync", "read", "sweep"):
            await jobs.enqueue(connection, kind, f"{kind}:old", {"source": "old"})

    async def is_gone() -> bool:
        return not {"sync:old", "read:old", "sweep:old"} & set(await queued(context))

    async with working(context):
        await until(is_gone)


async def test_a_lost_lease_is_someone_elses_to_close(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker = TinyTracker()
    tracker.fill(3)
    context = await flow_context(database, tracker)
    worker = Worker(context)
    async with database.write() as connection:
        await jobs.enqueue(connection, "sync", "sync:onl", {"source": "onl"})
        [ours] = await jobs.claim(connection, 1)
        await connection.execute(update(job_table).values(lease="theirs"))
    await worker._run(ours)
    assert await stored(context) == {}
    assert [row.lease for row in await rows(context, job_table)] == ["theirs"]


async def test_it_asks_for_names_and_reads_what_was_left_out_by_itself(database: Database) -> None:
    tracker = TinyTracker(leaves_out=True)
    blocks = Link("blocks", "jira://tiny.example/STO-2", "remote", "blocks")
    tracker.add("ONL", state="dropped", remote=(blocks,))
    tracker.add("STO", texts=(Link("blocked-by", "jira:ONL-77777", "text", "blocked by"),))
    context = await flow_context(database, tracker, source("onl"), source("sto"))

    async def is_all_known() -> bool:
        kinds = {row.kind for row in await conflicts(context)}
        return kinds == {"dependency-unresolved", "dependency-dropped"} and await queued(context) == {}

    async with working(context):
        await until(is_all_known)
    assert tracker.looked_up == ["jira://tiny.example/ONL-77777"]
    assert await rows(context, unread_part) == []


async def test_a_tracker_that_fails_to_answer_for_names_is_asked_again_later_and_read_as_ever(
    database: Database,
) -> None:
    tracker = TinyTracker()
    tracker.add("ONL", texts=(Link("blocked-by", "jira:ONL-77777", "text", "blocked by"),))
    context = await flow_context(database, tracker)

    def fail(what: str) -> None:
        if what == "look up":
            raise SourceError("unreachable", "tiny.example does not answer")

    tracker.on_request = fail

    async def is_put_off() -> bool:
        return bool("look up" in tracker.asked and "look-up:onl" in await queued(context))

    async with working(context):
        await until(is_put_off)
        tracker.change(1, title="Another")
        clock(context).forward(minutes=5)

        async def is_read() -> bool:
            return bool((await stored(context))["ONL-1"].title == "Another")

        await until(is_read)
    assert (await source_row(context)).state == "ok"
