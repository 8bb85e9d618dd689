import asyncio
import time
from dataclasses import replace

import orjson
import pytest
from sqlalchemy import update
from standardwebhooks import Webhook, WebhookVerificationError

from service.domain.notification.delivery_attempt import Outcome, Verdict
from service.flow.telling.subscriptions import rotate_secret
from service.store.database.engine import Database
from service.store.tables import delivery
from service.store.telling import deliveries, events, subscriptions
from tests.support.outgoing import (
    attempts_of,
    deliver,
    deliveries_of,
    delivering,
    hasten,
    make_context,
    opened,
    subscribe,
    tell,
)
from tests.support.receiver import Received, Reply, receiving


def verified(secret: str, received: Received) -> bool:
    try:
        Webhook(secret).verify(received.body, dict(received.headers))
    except WebhookVerificationError:
        return False
    return True


async def test_the_end_of_a_transaction_wakes_the_loop_and_its_event_arrives_signed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.flow.telling.deliver.IDLE_SECONDS", 3600.0)  # nothing but the waking counts
    context = make_context(database)
    context.clock = time.time  # receivers refuse old signatures
    async with receiving() as receiver, delivering(context):
        _, secret = await subscribe(context, receiver.url)
        await asyncio.sleep(0.05)  # the loop is idle by now
        event = opened()
        await tell(context, event)
        [received] = await receiver.wait_for(1)
    assert verified(secret, received)
    assert orjson.loads(received.body) == {
        "type": event.type,
        "timestamp": event.timestamp,
        "data": event.data,
    }
    assert received.headers["content-type"] == "application/json"


async def test_retries_carry_the_same_id_and_the_same_bytes(database: Database) -> None:
    context = make_context(database)
    async with receiving() as receiver:
        await subscribe(context, receiver.url)
        await tell(context, opened())
        receiver.answers(500, body=b"no")
        for _ in range(3):
            await deliver(context)
            await hasten(context)
        receiver.answers(200)
        await deliver(context)
    assert len(receiver.received) == 4
    assert len({(one.headers["webhook-id"], one.body) for one in receiver.received}) == 1
    [done] = await deliveries_of(context)
    assert (done.state, done.attempts, done.id) == (
        "delivered",
        4,
        receiver.received[0].headers["webhook-id"],
    )
    tried = await attempts_of(context)
    assert [(one.number, one.status, one.answer) for one in tried] == [
        (1, 500, "no"),
        (2, 500, "no"),
        (3, 500, "no"),
        (4, 200, ""),
    ]


async def test_ten_failures_are_the_end_and_a_replay_begins_again(database: Database) -> None:
    context = make_context(database)
    async with receiving() as receiver:
        one, _ = await subscribe(context, receiver.url, owner_teams=("online",))
        await tell(context, opened())
        receiver.answers(500)
        for _ in range(12):
            await deliver(context)
            await hasten(context)
        [dead] = await deliveries_of(context)
        assert (dead.state, len(receiver.received)) == ("dead", 10)
        async with database.read() as connection:
            told = (await events.after(connection, 0, 10))[-1].event
        assert (told.type, told.teams, told.data["delivery"]) == ("webhook.dead", ("online",), dead.id)
        receiver.answers(200)
        async with database.write() as connection:
            assert await deliveries.replay(connection, one.id, since=0.0) == 1
        await deliver(context)
    assert receiver.received[-1].headers["webhook-id"] == dead.id
    assert [one.number for one in await attempts_of(context)] == list(range(1, 12))


async def test_a_receiver_that_is_gone_is_disabled_and_others_are_told(database: Database) -> None:
    context = make_context(database)
    async with receiving() as gone, receiving() as other:
        gone.answers(410)
        one, _ = await subscribe(context, gone.url)
        await subscribe(context, other.url, events=("webhook.*",))
        await tell(context, opened(1), opened(2))
        await deliver(context)
        await tell(context, opened(3))
        await deliver(context)
    async with database.read() as connection:
        found = await subscriptions.get(connection, one.id)
    assert found is not None
    assert found.state == "disabled"
    assert len(gone.received) <= 2
    [told] = other.received
    body = orjson.loads(told.body)
    assert (body["type"], body["data"]["id"]) == ("webhook.disabled", one.id)
    assert "/hook" not in body["data"]["url"]


async def test_retry_after_moves_the_next_attempt(database: Database) -> None:
    context = make_context(database)
    async with receiving() as receiver:
        await subscribe(context, receiver.url)
        await tell(context, opened())
        receiver.answers(429, {"retry-after": "900"})
        await deliver(context)
    async with database.read() as connection:
        assert await deliveries.next_due(connection) == pytest.approx(900, abs=10)


async def test_a_receiver_that_hangs_holds_up_nobody_else(database: Database) -> None:
    context = make_context(database)
    async with receiving() as hanging, receiving() as quick:
        hanging.reply = lambda _received: Reply(delay=60.0)
        await subscribe(context, hanging.url)
        await subscribe(context, quick.url)
        async with delivering(context):
            for number in range(30):
                await tell(context, opened(number))
            await quick.wait_for(30, patience=8.0)
        assert len(hanging.received) < 10


async def test_a_lease_that_has_passed_on_records_nothing(database: Database) -> None:
    context = make_context(database)
    await subscribe(context, "http://127.0.0.1:9/")
    await tell(context, opened())
    async with database.write() as connection:
        [paused] = await deliveries.claim(connection, 10, 4, ())
        assert await deliveries.claim(connection, 10, 4, ()) == []
        await connection.execute(update(delivery).values(leased_until=1.0))
        [taken] = await deliveries.claim(connection, 10, 4, ())
    outcome, verdict = Outcome(0.1, status=200), Verdict("delivered")
    async with database.write() as connection:
        assert not await deliveries.record(connection, paused, outcome, verdict, 0.0)
        assert await deliveries.record(connection, taken, outcome, verdict, 0.0)
    assert paused.id == taken.id
    assert [one.number for one in await attempts_of(context)] == [1]


async def test_killed_between_sending_and_recording_it_is_sent_again_with_the_same_id(
    database: Database,
) -> None:
    context = make_context(database)
    async with receiving() as receiver:
        await subscribe(context, receiver.url)
        await tell(context, opened())
        async with database.write() as connection:
            [lost] = await deliveries.claim(connection, 10, 4, ())  # sent, then the process died
            await connection.execute(update(delivery).values(leased_until=1.0))
        await deliver(context)
    assert receiver.received[0].headers["webhook-id"] == lost.id


async def test_two_processes_deliver_each_event_once(database: Database) -> None:
    context, other = make_context(database), make_context(database)
    async with receiving() as receiver:
        await subscribe(context, receiver.url)
        await tell(context, *[opened(number) for number in range(20)])
        await asyncio.gather(deliver(context), deliver(other))
    assert len(receiver.received) == 20
    assert len({one.headers["webhook-id"] for one in receiver.received}) == 20


async def test_after_a_rotation_both_secrets_verify_for_a_day(database: Database) -> None:
    context = make_context(database)
    async with receiving() as receiver:
        one, old = await subscribe(context, receiver.url)
        await tell(context, opened())
        receiver.answers(500)
        context.clock = time.time
        await deliver(context)
        new = await rotate_secret(context, one.id)
        receiver.answers(200)
        await hasten(context)
        await deliver(context)
        async with database.write() as connection:
            found = await subscriptions.get(connection, one.id)
            assert found is not None
            await subscriptions.save(connection, replace(found, old_until=time.time() - 1))
        await tell(context, opened(2))
        await deliver(context)
    first, both, after_a_day = receiver.received
    assert (verified(old, first), verified(new, first)) == (True, False)
    assert (verified(old, both), verified(new, both)) == (True, True)
    assert (verified(old, after_a_day), verified(new, after_a_day)) == (False, True)


async def test_a_waiting_crowd_of_one_subscription_lets_the_others_through(database: Database) -> None:
    context = make_context(database)
    crowd, _ = await subscribe(context, "http://127.0.0.1:9/", events=("conflict.*",))
    await tell(context, *[opened(number) for number in range(20)])
    single, _ = await subscribe(context, "http://127.0.0.1:9/")
    await tell(context, opened(99))
    async with database.write() as connection:
        taken = await deliveries.claim(connection, 3, 4, ())
        assert [one.subscription for one in taken].count(single.id) == 1
        rest = await deliveries.claim(connection, 100, 4, {crowd.id})
    assert rest == []
