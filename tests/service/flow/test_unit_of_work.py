"""A unit of work knows what changed: nobody has to think of the revision, the judgement or the waking."""

from collections.abc import Callable

import pytest

from service.flow.context import Context
from service.flow.unit_of_work import Work, unit_of_work
from service.store.database.engine import Database
from service.store.process import jobs, revision, touched
from service.store.process.jobs import Job, LeaseLostError
from tests.support.flow import flow_context, queued, told
from tests.support.outgoing import opened
from tests.support.tiny import TinyTracker


@pytest.fixture
async def context(database: Database) -> Context:
    return await flow_context(database, TinyTracker())


async def read_revision(context: Context) -> int:
    async with context.database.read() as connection:
        return await revision.current(connection)


async def read_touched(context: Context) -> frozenset[str] | None:
    async with context.database.read() as connection:
        return (await touched.read(connection)).ids


CHANGES: dict[str, tuple[Callable[[Work], None], bool, bool, bool]] = {
    "nothing": (lambda work: None, False, False, False),
    "an answer": (lambda work: work.change_answers(), True, False, False),
    "an item": (lambda work: work.touch(["onl:1"]), True, False, False),
    "no item": (lambda work: work.touch([]), False, False, False),
    "everything": (lambda work: work.touch_everything(), True, False, False),
    "an event": (lambda work: work.publish([opened()]), True, False, True),
    "no event": (lambda work: work.publish([]), False, False, False),
    "a job": (lambda work: work.enqueue("rejudge", "rejudge"), False, True, False),
    "an item to read": (lambda work: work.announce("onl", ["1"]), False, True, False),
    "nothing to read": (lambda work: work.announce("onl", []), False, False, False),
    "a delivery": (lambda work: work.queue_deliveries(), False, False, True),
    "a judgement": (lambda work: work.settle(0), False, False, False),
}


@pytest.mark.parametrize("name", CHANGES)
async def test_what_is_done_in_it_grows_the_revision_and_wakes_whoever_waits(
    context: Context, name: str
) -> None:
    change, grows, wakes_worker, wakes_delivery = CHANGES[name]
    before = await read_revision(context)
    async with unit_of_work(context) as work:
        change(work)
        assert not context.wake_worker.has_rung
        assert not context.wake_delivery.has_rung
    assert await read_revision(context) == before + grows
    assert context.wake_worker.has_rung == wakes_worker
    assert context.wake_delivery.has_rung == wakes_delivery


async def fail_halfway(context: Context) -> None:
    async with unit_of_work(context) as work:
        for change, *_ in CHANGES.values():
            change(work)
        raise ZeroDivisionError


async def test_a_unit_that_fails_leaves_nothing_and_wakes_nobody(context: Context) -> None:
    before = await read_revision(context)
    with pytest.raises(ZeroDivisionError):
        await fail_halfway(context)
    assert await read_revision(context) == before
    assert await read_touched(context) == frozenset()
    assert not await told(context)
    assert not context.wake_worker.has_rung
    assert not context.wake_delivery.has_rung


async def test_everything_of_a_unit_is_there_when_it_ends(context: Context) -> None:
    async with unit_of_work(context) as work:
        work.touch(["onl:1"])
        work.touch(["onl:2", "onl:1"])
        work.publish([opened(1)])
        work.publish([opened(2)])
        work.announce("onl", ["7"])
        work.announce("onl", ["8"])
        work.enqueue("analyse", "analyse", delay=60)
    assert await read_touched(context) == frozenset({"onl:1", "onl:2"})
    assert [event.data["id"] for event in await told(context)] == ["cfl_1", "cfl_2"]
    assert list(await queued(context)) == ["analyse", "read:onl"]
    async with context.database.read() as connection:
        assert [name for name, _ in await jobs.announced_items(connection, "onl", 10)] == ["7", "8"]


async def test_what_is_judged_is_settled_and_what_is_touched_with_it_is_not(context: Context) -> None:
    async with unit_of_work(context) as work:
        work.touch(["onl:1"])
    async with context.database.read() as connection:
        until = (await touched.read(connection)).until
    async with unit_of_work(context) as work:
        work.settle(until)
        work.touch(["onl:2"])
    assert await read_touched(context) == frozenset({"onl:2"})


async def take_job(context: Context) -> Job:
    async with unit_of_work(context) as work:
        work.enqueue("sync", "sync:onl", {"source": "onl"})
    async with context.database.write() as connection:
        [job] = await jobs.claim(connection, 1)
    return job


async def touch(context: Context, item: str, job: Job) -> None:
    async with unit_of_work(context, job) as work:
        work.touch([item])


async def test_work_whose_lease_another_has_is_not_written(context: Context) -> None:
    job = await take_job(context)
    await touch(context, "onl:1", job)
    assert await read_touched(context) == frozenset({"onl:1"})
    with pytest.raises(LeaseLostError):
        await touch(context, "onl:2", job._replace(lease="another's"))
    assert await read_touched(context) == frozenset({"onl:1"})
