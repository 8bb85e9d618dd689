import asyncio

from sqlalchemy import select, update

from service.store import jobs
from service.store.tables import job


async def claim(database, most=10):
    async with database.write() as connection:
        return await jobs.claim(connection, most)


async def enqueue(database, key="sync:a", delay=0.0):
    async with database.write() as connection:
        await jobs.enqueue(connection, "sync", key, {"source": key}, delay)


async def count(database):
    async with database.read() as connection:
        return len((await connection.execute(select(job))).all())


async def test_the_same_work_is_queued_once(database):
    await enqueue(database)
    await enqueue(database)
    assert await count(database) == 1


async def test_a_job_is_claimed_by_one_worker_only(database):
    for number in range(20):
        await enqueue(database, f"sync:{number}")
    taken = await asyncio.gather(*(claim(database, 7) for _ in range(4)))
    keys = [one.key for part in taken for one in part]
    assert len(keys) == len(set(keys)) == 20


async def test_a_job_that_is_not_due_waits(database):
    await enqueue(database, delay=60)
    assert await claim(database) == []
    async with database.read() as connection:
        assert 50 < await jobs.next_due(connection) <= 60


async def test_an_earlier_request_makes_it_due_earlier(database):
    await enqueue(database, delay=60)
    await enqueue(database)
    assert [one.key for one in await claim(database)] == ["sync:a"]


async def test_a_finished_job_is_gone(database):
    await enqueue(database)
    [taken] = await claim(database)
    async with database.write() as connection:
        await jobs.finish(connection, taken)
    assert await count(database) == 0


async def test_a_job_asked_for_while_it_runs_runs_once_more(database):
    await enqueue(database)
    [taken] = await claim(database)
    await enqueue(database)
    assert await claim(database) == []
    async with database.write() as connection:
        await jobs.finish(connection, taken)
    assert [one.key for one in await claim(database)] == ["sync:a"]


async def test_a_lease_that_ran_out_passes_to_another_worker_and_ours_is_refused(database):
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


async def test_what_is_announced_again_while_it_is_read_stays(database):
    async with database.write() as connection:
        await jobs.announce(connection, "a", ["1", "2"], at=10.0)
        told = await jobs.announced_items(connection, "a", 100)
        await jobs.announce(connection, "a", ["2"], at=11.0)
        await jobs.settle(connection, "a", told)
        assert await jobs.announced_items(connection, "a", 100) == [("2", 11.0)]
