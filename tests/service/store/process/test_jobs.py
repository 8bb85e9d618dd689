import asyncio
from typing import Any

import orjson
import pytest
from sqlalchemy import select, update

from service.store.database.engine import Database
from service.store.process import jobs
from service.store.tables import job


async def claim(database: Database, most: int = 10) -> list[jobs.Job]:
    async with database.write() as connection:
        return await jobs.claim(connection, most)


async def enqueue(database: Database, key: str = "sync:a", delay: float = 0.0) -> None:
    async with database.write() as connection:
        await jobs.enqueue(connection, "sync", key, {"source": key}, delay)


async def count(database: Database) -> int:
    async with database.read() as connection:
        return len((await connection.execute(select(job))).all())


async def test_the_same_work_is_queued_once(database: Database) -> None:
    await enqueue(database)
    await enqueue(database)
    assert await count(database) == 1


async def test_a_job_is_claimed_by_one_worker_only(database: Database) -> None:
    for number in range(20):
        await enqueue(database, f"sync:{number}")
    taken = await asyncio.gather(*(claim(database, 7) for _ in range(4)))
    keys = [one.key for part in taken for one in part]
    assert len(keys) == len(set(keys)) == 20


async def test_a_job_that_is_not_due_waits(database: Database) -> None:
    await enqueue(database, delay=60)
    assert await claim(database) == []
    async with database.read() as connection:
        seconds = await jobs.next_due(connection)
    assert seconds is not None
    assert 50 < seconds <= 60


async def test_an_earlier_request_makes_it_due_earlier(database: Database) -> None:
    await enqueue(database, delay=60)
    await enqueue(database)
    assert [one.key for one in await claim(database)] == ["sync:a"]


async def test_a_finished_job_is_gone(database: Database) -> None:
    await enqueue(database)
    [taken] = await claim(database)
    async with database.write() as connection:
        await jobs.finish(connection, taken)
    assert await count(database) == 0


async def test_a_job_asked_for_while_it_runs_runs_once_more(database: Database) -> None:
    await enqueue(database)
    [taken] = await claim(database)
    await enqueue(database)
    assert await claim(database) == []
    async with database.write() as connection:
        await jobs.finish(connection, taken)
    assert [one.key for one in await claim(database)] == ["sync:a"]


async def test_a_lease_that_ran_out_passes_to_another_worker_and_ours_is_refused(database: Database) -> None:
    await enqueue(database)
    [ours] = await claim(database)
    async with database.write() as connection:
        await connection.execute(update(job).values(leased_until=0))
    [theirs] = await claim(database)
    async with database.write() as connection:
        assert not await jobs.renew(connection, ours)
        await jobs.finish(connection, ours)
        assert await jobs.renew(connection, theirs)
    assert await count(database) == 1


async def test_what_is_announced_again_while_it_is_read_stays(database: Database) -> None:
    async with database.write() as connection:
        await jobs.announce(connection, "a", ["1", "2"], at=10.0)
        told = await jobs.announced_items(connection, "a", 100)
        await jobs.announce(connection, "a", ["2"], at=11.0)
        await jobs.settle(connection, "a", told)
        assert await jobs.announced_items(connection, "a", 100) == [("2", 11.0)]


async def payloads(database: Database) -> list[dict[str, Any]]:
    async with database.read() as connection:
        return [orjson.loads(one) for one in (await connection.execute(select(job.c.payload))).scalars()]


async def test_what_was_asked_for_is_kept_when_less_is_asked_for_later(database: Database) -> None:
    async with database.write() as connection:
        await jobs.enqueue(connection, "sync", "sync:a", {"source": "a", "full": True, "sync": "one"})
        await jobs.enqueue(connection, "sync", "sync:a", {"source": "a", "sync": "two"})
        await jobs.enqueue(connection, "sync", "sync:a")
    assert await payloads(database) == [{"source": "a", "full": True, "sync": "two"}]


async def test_what_runs_now_does_not_pass_its_wishes_on(database: Database) -> None:
    async with database.write() as connection:
        await jobs.enqueue(connection, "sync", "sync:a", {"source": "a", "full": True})
    [taken] = await claim(database)
    async with database.write() as connection:
        assert await jobs.is_running(connection, "sync:a")
        await jobs.enqueue(connection, "sync", "sync:a", {"source": "a"})
        await jobs.enqueue(connection, "sync", "sync:a", {"source": "a", "sync": "one"})
        await jobs.finish(connection, taken)
        assert not await jobs.is_running(connection, "sync:a")
    [again] = await claim(database)
    assert (again.payload, again.attempts) == ({"source": "a", "sync": "one"}, 1)


async def test_a_postponed_job_comes_back_and_counts_its_attempts(database: Database) -> None:
    await enqueue(database)
    [taken] = await claim(database)
    async with database.write() as connection:
        await jobs.postpone(connection, taken, 60.0)
    assert await claim(database) == []
    async with database.write() as connection:
        await connection.execute(update(job).values(due=0))
    [again] = await claim(database)
    assert (taken.attempts, again.attempts) == (1, 2)
    async with database.write() as connection:
        await jobs.postpone(connection, taken, 3600.0)  # too late: it is another's
        assert await jobs.renew(connection, again)


async def test_holding_a_lost_lease_raises(database: Database) -> None:
    await enqueue(database)
    [taken] = await claim(database)
    async with database.write() as connection:
        await jobs.hold(connection, None)
        await jobs.hold(connection, taken)
        await connection.execute(update(job).values(lease="theirs"))
        with pytest.raises(jobs.LeaseLostError):
            await jobs.hold(connection, taken)


async def test_a_lease_that_ran_out_is_no_longer_running(database: Database) -> None:
    await enqueue(database)
    await claim(database)
    async with database.write() as connection:
        await connection.execute(update(job).values(leased_until=0))
        assert not await jobs.is_running(connection, "sync:a")
        assert await jobs.waiting(connection, "sync:a")


async def test_many_announcements_are_read_oldest_first(database: Database) -> None:
    async with database.write() as connection:
        await jobs.announce(connection, "a", ["3", "1", "3"], at=2.0)
        await jobs.announce(connection, "a", ["2"], at=1.0)
        await jobs.announce(connection, "b", ["9"], at=0.0)
        await jobs.announce(connection, "a", [], at=0.0)
        found = await jobs.announced_items(connection, "a", 2)
        assert (found[0], len(found)) == (("2", 1.0), 2)
        assert {one for one, _ in await jobs.announced_items(connection, "a", 9)} == {"1", "2", "3"}
