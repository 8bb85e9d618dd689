"""The outbox: who takes what, until when, and what is left of it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from service.domain.notification.delivery_attempt import Outcome, Verdict
from service.store.database.engine import Connection, Database
from service.store.tables import delivery, delivery_attempt
from service.store.telling import deliveries, subscriptions
from service.store.telling.deliveries import COLLECTING, LEASE_SECONDS, Taken, Waiting
from tests.service.store.telling.test_subscriptions import subscription

FAILED = Outcome(0.5, status=500, answer="no")
DONE = Outcome(0.1, status=204)


@pytest.fixture
async def outbox(database: Database) -> Database:
    """Two subscriptions, ``a`` and ``b``."""
    async with database.write() as connection:
        for name in "ab":
            await subscriptions.add(connection, subscription(name))
    return database


async def add(outbox: Database, name: str, count: int = 1, now: float = 1.0, **how: Any) -> None:
    async with outbox.write() as connection:
        waiting = [Waiting(name, "conflict.opened", f"{number}", **how) for number in range(count)]
        await deliveries.add(connection, waiting, now)


async def claim(outbox: Database, most: int = 100, each: int = 100, busy: Sequence[str] = ()) -> list[Taken]:
    async with outbox.write() as connection:
        return await deliveries.claim(connection, most, each, busy)


async def record(outbox: Database, taken: Taken, outcome: Outcome, verdict: Verdict) -> bool:
    async with outbox.write() as connection:
        return await deliveries.record(connection, taken, outcome, verdict, 7.0)


async def let_leases_pass(outbox: Database) -> None:
    async with outbox.write() as connection:
        await connection.execute(update(delivery).values(leased_until=1.0))


async def states(connection: Connection) -> Counter[str]:
    return Counter((await connection.execute(select(delivery.c.state))).scalars())


async def wait_of(outbox: Database) -> float | None:
    async with outbox.read() as connection:
        return await deliveries.next_due(connection)


async def test_two_workers_never_take_the_same(outbox: Database) -> None:
    await add(outbox, "a", 40)
    await add(outbox, "b", 40)
    taken = await asyncio.gather(*(claim(outbox, most=15, each=10) for _ in range(8)))
    ids = [one.id for found in taken for one in found]
    assert len(ids) >= 15
    while found := await claim(outbox):
        ids += [one.id for one in found]
    assert len(ids) == len(set(ids)) == 80


async def test_each_subscription_has_its_share_and_the_busy_ones_none(outbox: Database) -> None:
    await add(outbox, "a", 10)
    await add(outbox, "b", 2)
    assert Counter(one.subscription for one in await claim(outbox, most=5, each=3)) == {"a": 3, "b": 2}
    assert [one.subscription for one in await claim(outbox, each=1)] == ["a"]
    assert await claim(outbox, busy=["a"]) == []


async def test_a_lease_holds_until_it_passes_and_then_its_former_holder_writes_nothing(
    outbox: Database,
) -> None:
    await add(outbox, "a")
    [paused] = await claim(outbox)
    assert await claim(outbox) == []
    async with outbox.read() as connection:
        until, due = (await connection.execute(select(delivery.c.leased_until, delivery.c.due))).one()
    assert until - due == pytest.approx(LEASE_SECONDS, abs=30)
    await let_leases_pass(outbox)
    [taken] = await claim(outbox)
    assert taken._replace(lease="") == paused._replace(lease="")
    assert not await record(outbox, paused, DONE, Verdict("delivered"))
    assert await record(outbox, taken, FAILED, Verdict("pending", 5.0))
    assert not await record(outbox, taken, DONE, Verdict("delivered"))


async def test_a_failed_one_waits_its_delay_and_counts_its_attempts(outbox: Database) -> None:
    await add(outbox, "a")
    for number, delay in enumerate((5.0, 300.0, 1800.0)):
        [taken] = await claim(outbox)
        assert taken.attempts == number
        assert await record(outbox, taken, FAILED, Verdict("pending", delay))
        assert await claim(outbox) == []
        assert await wait_of(outbox) == pytest.approx(delay, abs=4)
        async with outbox.write() as connection:
            await connection.execute(update(delivery).values(due=0.0))
    async with outbox.read() as connection:
        kept = await deliveries.attempts(connection, [taken.id, "unknown"])
    assert [(one.number, one.status, one.answer, one.at) for one in kept] == [
        (number, 500, "no", 7.0) for number in (1, 2, 3)
    ]


async def test_a_dead_one_is_listed_and_comes_again_under_its_id_when_it_is_replayed(
    outbox: Database,
) -> None:
    await add(outbox, "a", now=10.0)
    await add(outbox, "b", now=10.0)
    for one in await claim(outbox):
        await record(outbox, one, FAILED, Verdict("dead"))
    assert (await claim(outbox), await wait_of(outbox)) == ([], None)
    async with outbox.write() as connection:
        [dead] = await deliveries.listed(connection, "a", "dead", None, 10)
        assert await deliveries.replay(connection, "a", since=10.5) == 0
        assert await deliveries.replay(connection, "a", only="unknown") == 0
        assert await deliveries.replay(connection, "b", only=dead.id) == 0
        assert await deliveries.replay(connection, "a", since=10.0) == 1
        assert await deliveries.replay(connection, "a") == 0
    [again] = await claim(outbox)
    assert (again.id, again.attempts) == (dead.id, 0)
    assert await record(outbox, again, DONE, Verdict("delivered"))
    async with outbox.write() as connection:
        assert [one.number for one in await deliveries.attempts(connection, [dead.id])] == [1, 2]
        assert await deliveries.replay(connection, "a") == 0
        assert await deliveries.replay(connection, "a", only=dead.id) == 1


async def test_what_waits_for_a_disabled_one_waits_until_it_is_taken_up_again(outbox: Database) -> None:
    await add(outbox, "a", 2)
    async with outbox.write() as connection:
        await subscriptions.disable(connection, "a")
    assert (await claim(outbox), await wait_of(outbox)) == ([], None)
    async with outbox.write() as connection:
        assert await states(connection) == {"pending": 2}
        await subscriptions.save(connection, subscription("a"))
    assert len(await claim(outbox)) == 2


async def test_pages_go_on_where_the_last_ended_and_hold_each_once(outbox: Database) -> None:
    for now in (3.0, 1.0, 2.0):
        await add(outbox, "a", 3, now=now)
    await add(outbox, "b", now=2.0)
    for one in (await claim(outbox, busy=["b"]))[:4]:
        await record(outbox, one, DONE, Verdict("delivered"))
    async with outbox.read() as connection:
        for state, count in ((None, 9), ("delivered", 4), ("pending", 5), ("dead", 0)):
            found: list[Any] = []
            before: tuple[float, str] | None = None
            while page := await deliveries.listed(connection, "a", state, before, 2):
                found += page
                before = (page[-1].created, page[-1].id)
            assert len({one.id for one in found}) == len(found) == count
            assert [one.created for one in found] == sorted((one.created for one in found), reverse=True)
            assert {one.state for one in found} <= ({state} if state else {"delivered", "pending"})


async def test_a_digest_is_collecting_until_its_slot_and_is_then_sent(outbox: Database) -> None:
    await add(outbox, "a", state=COLLECTING, delay=60.0)
    async with outbox.write() as connection:
        assert await deliveries.collecting(connection) == {"a"}
    assert await claim(outbox) == []
    assert await wait_of(outbox) == pytest.approx(60, abs=4)
    async with outbox.write() as connection:
        await connection.execute(update(delivery).values(due=0.0))
    [slot] = await claim(outbox)
    await let_leases_pass(outbox)
    [taken] = await claim(outbox)
    async with outbox.write() as connection:
        assert not await deliveries.fill(connection, slot, "late")
        assert await deliveries.fill(connection, taken, "written")
        assert await deliveries.collecting(connection) == set()
    [ready] = await claim(outbox)
    assert (ready.id, ready.body, ready.state) == (slot.id, "written", "pending")


async def test_one_that_is_sent_at_once_is_no_workers_as_long_as_its_lease_lasts(outbox: Database) -> None:
    async with outbox.write() as connection:
        taken = await deliveries.add_taken(connection, Waiting("a", "test", "{}"), 1.0)
    assert (await claim(outbox), await wait_of(outbox)) == ([], None)
    assert await record(outbox, taken, DONE, Verdict("delivered"))
    assert not await record(outbox, taken, DONE, Verdict("delivered"))


async def test_one_that_is_taken_away_while_it_is_sent_leaves_nothing(outbox: Database) -> None:
    await add(outbox, "a")
    [taken] = await claim(outbox)
    await record(outbox, taken, FAILED, Verdict("pending"))
    [taken] = await claim(outbox)
    async with outbox.write() as connection:
        await subscriptions.remove(connection, ["a"])
    assert not await record(outbox, taken, DONE, Verdict("delivered"))
    async with outbox.read() as connection:
        assert (await connection.execute(select(delivery_attempt))).all() == []
        assert await states(connection) == {}
