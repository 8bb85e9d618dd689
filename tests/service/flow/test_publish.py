import asyncio

import orjson
import pytest

from service.domain.notification.event import Event
from service.flow.publish import next_slot, publish
from service.store.database.engine import Database
from service.store.telling import events, subscriptions
from tests.support.outgoing import NOW, deliveries_of, hasten, make_context, opened, subscribe, tell
from tests.support.outgoing import deliver as deliver_now
from tests.support.receiver import receiving

URL = "http://127.0.0.1:9/"


async def stored(database: Database) -> list[Event]:
    async with database.read() as connection:
        return [one.event for one in await events.after(connection, 0, 100)]


async def test_events_are_kept_in_order_and_read_back_as_they_were(database: Database) -> None:
    context = make_context(database)
    told = [opened(1), Event("source.failing", NOW, data={"source": "a"}), opened(2)]
    await tell(context, *told)
    assert await stored(database) == told


async def test_a_change_that_is_rolled_back_tells_nothing(database: Database) -> None:
    context = make_context(database)
    await subscribe(context, URL)

    async def fail_after_publishing() -> None:
        async with database.write() as connection:
            await publish(context, connection, [opened()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_after_publishing()
    assert await stored(database) == []
    assert await deliveries_of(context) == []


async def test_only_active_subscriptions_that_asked_for_it_are_sent_it(database: Database) -> None:
    context = make_context(database)
    wanting, _ = await subscribe(context, URL, events=("conflict.*",), teams=("online",))
    await subscribe(context, URL, teams=("stores",))
    disabled, _ = await subscribe(context, URL)
    async with database.write() as connection:
        await subscriptions.disable(connection, disabled.id)
    await tell(context, opened())
    [only] = await deliveries_of(context)
    assert (only.subscription, only.state) == (wanting.id, "pending")


async def test_the_subscription_an_event_is_about_is_not_told_of_it(database: Database) -> None:
    context = make_context(database)
    one, _ = await subscribe(context, URL)
    async with database.write() as connection:
        await publish(context, connection, [Event("webhook.dead", NOW)], but_not_to=one.id)
    assert await deliveries_of(context) == []


async def test_a_first_sync_is_one_digest_and_every_event_is_kept(database: Database) -> None:
    context = make_context(database)
    await subscribe(context, URL)
    await tell(context, *[opened(number) for number in range(5000)])
    [digest] = await deliveries_of(context)
    body = orjson.loads(digest.body)
    assert body["type"] == "digest"
    assert body["data"]["count"] == 5000
    assert len(body["data"]["first"]) == 20
    async with database.read() as connection:
        assert await events.last_seq(connection) >= 5001


async def test_what_a_subscription_does_not_want_does_not_count_towards_a_digest(database: Database) -> None:
    context = make_context(database)
    await subscribe(context, URL, min_severity="high")
    await tell(context, *[opened(n, severity="low") for n in range(30)], opened(30), opened(31))
    assert [one.type for one in await deliveries_of(context)] == ["conflict.opened"] * 2


async def test_digest_mode_collects_until_the_slot_and_sends_one(database: Database) -> None:
    context = make_context(database)
    async with receiving() as receiver:
        await subscribe(context, receiver.url, mode="digest", events=("conflict.*",))
        await tell(context, opened(1))
        await tell(context, Event("source.failing", NOW), opened(2))
        [collecting] = await deliveries_of(context)
        assert collecting.state == "collecting"
        await deliver_now(context)
        assert receiver.received == []
        await hasten(context)
        await deliver_now(context)
        [received] = receiver.received
    data = orjson.loads(received.body)["data"]
    assert [line["title"] for line in data["first"]] == ["Conflict 1", "Conflict 2"]
    await tell(context, opened(3))
    assert [one.state for one in await deliveries_of(context)].count("collecting") == 1


async def test_the_slot_is_the_next_of_the_products_cadence(database: Database) -> None:
    context = make_context(database)
    assert next_slot(context) == NOW + 6 * 86400 + 17 * 3600  # Monday at 10:00 in Amsterdam


async def test_a_reader_that_goes_on_from_a_seq_misses_nothing(database: Database) -> None:
    """Publishers take turns: a later seq is never visible before an earlier one."""
    context = make_context(database)
    seen: list[str] = []

    async def slow(number: int) -> None:
        async with database.write() as connection:
            await publish(context, connection, [opened(number)])
            await asyncio.sleep(0.02)

    async def follow() -> None:
        seq = 0
        while len(seen) < 8:
            async with database.read() as connection:
                found = await events.after(connection, seq, 100)
            seen.extend(one.event.id for one in found)
            seq = found[-1].seq if found else seq
            await asyncio.sleep(0.005)

    async with asyncio.timeout(20):
        await asyncio.gather(follow(), *(slow(number) for number in range(8)))
    assert seen == [one.id for one in await stored(database)]
