"""Trackers' own webhooks: each verified, stored once, and few reads for many."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import ProgrammingError

from connectors.contract import ForgedHook, MalformedHook, SourceError
from service.errors import NotFound
from service.flow.context import Context
from service.flow.reading import announced as flow
from service.flow.reading.announced import read_announced, receive
from service.store.database.engine import Database, UnavailableError
from service.store.process import jobs
from service.store.process.jobs import LeaseLostError
from service.store.tables import inbound
from service.store.tables import job as job_table
from tests.support import tiny
from tests.support.flow import (
    announcements,
    clock,
    flow_context,
    queued,
    rows,
    source,
    source_row,
    stored,
    sync,
)
from tests.support.tiny import TinyTracker


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> TinyTracker:
    monkeypatch.setattr(flow, "connector_kinds", lambda: {"tiny": tiny})
    monkeypatch.setattr(flow, "GATHER_SECONDS", 0.05)
    return TinyTracker()


async def tell(context: Context, delivery: str, key: str = "onl", **told: Any) -> None:
    headers, body = tiny.hook(delivery, **told)
    await receive(context, "tiny", key, headers, body)


async def test_a_hook_announces_what_it_names(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    await tell(context, "d1", ids=["7"], deleted=["8"])
    assert await announcements(context) == {("onl", "7"), ("onl", "8")}
    assert await queued(context) == {"read:onl": {"source": "onl"}}
    assert context.wake_worker.has_rung


async def test_a_replayed_delivery_has_one_effect(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(1)
    context = await flow_context(database, tracker)
    await tell(context, "d1", ids=["1"])
    await read_announced(context, "onl")
    await asyncio.gather(*(tell(context, "d1", ids=["1"]) for _ in range(5)))
    assert await announcements(context) == set()
    assert len(await rows(context, inbound)) == 1
    await tell(context, "d1", key="onl", ids=["1"])
    await tell(context, "d2", ids=["1"])
    assert await announcements(context) == {("onl", "1")}


async def test_what_concerns_more_than_can_be_named_has_the_source_read(
    database: Database, tracker: TinyTracker
) -> None:
    context = await flow_context(database, tracker)
    await tell(context, "d1", rescan=True)
    assert set(await queued(context)) == {"sync:onl"}


async def test_what_concerns_nothing_is_remembered_only(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker)
    await tell(context, "d1", event="ping")
    assert await queued(context) == {}
    assert [row.event for row in await rows(context, inbound)] == ["ping"]


@pytest.mark.parametrize("signature", ["", "0" * 64, "é" * 64, "short", None])
async def test_a_forged_hook_has_no_effect(
    database: Database, tracker: TinyTracker, signature: str | None
) -> None:
    context = await flow_context(database, tracker)
    headers, body = tiny.hook("d1", ids=["1"])
    sent = {name: value for name, value in headers.items() if name != "x-signature"}
    if signature is not None:
        sent["x-signature"] = signature
    with pytest.raises(ForgedHook):
        await receive(context, "tiny", "onl", sent, body)
    with pytest.raises(ForgedHook):
        await receive(context, "tiny", "onl", headers, body + b" ")
    assert await rows(context, inbound) == []


async def test_a_signed_hook_that_makes_no_sense_is_malformed(
    database: Database, tracker: TinyTracker
) -> None:
    context = await flow_context(database, tracker)
    body = b"{"
    with pytest.raises(MalformedHook):
        await receive(context, "tiny", "onl", {"x-signature": tiny.signature(body)}, body)


@pytest.mark.parametrize(("kind", "key"), [("tiny", "nowhere"), ("jira", "onl")])
async def test_an_unknown_source_or_one_of_another_tracker_is_a_key_error(
    database: Database, tracker: TinyTracker, kind: str, key: str
) -> None:
    context = await flow_context(database, tracker)
    headers, body = tiny.hook("d1", ids=["1"])
    with pytest.raises(NotFound):
        await receive(context, kind, key, headers, body)


async def test_hooks_out_of_order_end_with_the_newest(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(1)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.change(1, title="second")
    tracker.change(1, title="third")
    await tell(context, "of-third", ids=["1"])
    await read_announced(context, "onl")
    await tell(context, "of-second", ids=["1"])
    await read_announced(context, "onl")
    assert (await stored(context))["ONL-1"].title == "third"


async def test_what_was_deleted_moved_or_hidden_goes(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(5)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.delete(1)
    tracker.change(2, project="STO")
    tracker.change(3, is_secret=True)
    await tell(context, "d1", ids=["2", "3", "4"], deleted=["1"])
    assert await read_announced(context, "onl") == 3
    assert set(await stored(context)) == {"ONL-4", "ONL-5"}
    assert (await source_row(context)).requests == len(tracker.asked)


async def test_a_record_that_cannot_be_read_is_not_gone_but_others_are(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.delete(1)
    tracker.change(2, is_broken=True)
    await tell(context, "d1", ids=["1", "2"])
    await read_announced(context, "onl")
    assert set(await stored(context)) == {"ONL-2", "ONL-3"}


async def test_an_account_that_is_shut_out_sees_nothing_and_nothing_goes(
    database: Database, tracker: TinyTracker
) -> None:
    """Some trackers answer strangers with an empty list (faults.md, 7)."""
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.issues.clear()
    tracker.faults.extend([None, SourceError("authentication", "nobody")])  # the read, then the probe
    await tell(context, "d1", ids=["1", "2"])
    with pytest.raises(SourceError):
        await read_announced(context, "onl")
    assert len(await stored(context)) == 3
    assert len(await announcements(context)) == 2


async def test_a_failed_read_keeps_what_was_announced(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(1)
    context = await flow_context(database, tracker)
    await tell(context, "d1", ids=["1"])
    tracker.faults.append(SourceError("unreachable", "away"))
    with pytest.raises(SourceError):
        await read_announced(context, "onl")
    assert await announcements(context) == {("onl", "1")}
    assert await read_announced(context, "onl") == 1


async def test_what_is_announced_while_it_is_read_is_read_again(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(1)
    context = await flow_context(database, tracker)
    await tell(context, "d1", ids=["1"])
    real = context.connectors["onl"].read

    async def slow(native_ids: Any) -> Any:
        page = await real(native_ids)
        if len(tracker.asked) == 1:
            tracker.change(1, title="meanwhile")
            clock(context).forward(1)
            await tell(context, "d2", ids=["1"])
        return page

    context.connectors["onl"].read = slow  # type: ignore[method-assign]
    await read_announced(context, "onl")
    assert (await stored(context))["ONL-1"].title == "meanwhile"
    assert tracker.asked == ["read", "read"]


async def test_a_burst_becomes_few_reads(database: Database, tracker: TinyTracker) -> None:
    count = 1000 if database.is_sqlite else 250
    tracker.fill(count)
    context = await flow_context(database, tracker)

    async def burst() -> None:
        for part in range(0, count, 50):
            await asyncio.gather(
                *(tell(context, f"d{number}", ids=[str(number + 1)]) for number in range(part, part + 50))
            )

    async def read() -> None:
        while await announcements(context) or not telling.done():
            await read_announced(context, "onl")
            await asyncio.sleep(0.05)

    telling = asyncio.create_task(burst())
    await asyncio.gather(telling, read())
    assert len(await rows(context, inbound)) == count
    assert len(await stored(context)) == count
    assert tracker.asked.count("read") <= 70


async def test_a_database_that_is_away_is_said_so(database: Database, tracker: TinyTracker) -> None:
    """The API turns it into a 503: never a false 2xx (faults.md, 35)."""
    context = await flow_context(database, tracker)
    async with database.write() as connection:
        await connection.run_sync(inbound.drop)
    try:
        missing = UnavailableError if database.is_sqlite else ProgrammingError
        with pytest.raises(missing):
            await tell(context, "d1", ids=["1"])
    finally:
        async with database.write() as connection:
            await connection.run_sync(inbound.create)
    assert await announcements(context) == set()


async def test_a_reader_that_lost_its_lease_writes_nothing(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(1)
    context = await flow_context(database, tracker)
    await tell(context, "d1", ids=["1"])
    async with database.write() as connection:
        [ours] = await jobs.claim(connection, 1)
        await connection.execute(job_table.update().values(lease="theirs"))
    with pytest.raises(LeaseLostError):
        await read_announced(context, "onl", ours)
    assert await stored(context) == {}
    assert await announcements(context) == {("onl", "1")}


async def test_hooks_of_one_source_do_not_meet_those_of_another(
    database: Database, tracker: TinyTracker
) -> None:
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await tell(context, "d1", "onl", ids=["1"])
    await tell(context, "d1", "sto", ids=["1"])
    assert await announcements(context) == {("onl", "1"), ("sto", "1")}
