"""One attempt at one delivery, and what follows from its outcome."""

from collections.abc import Sequence

import structlog
from prometheus_client import Counter

from service.delivery.formats import formats
from service.delivery.sender import Sender
from service.delivery.signing import signed_headers
from service.delivery.target import masked
from service.delivery.vault import VaultError
from service.domain.notification.delivery_attempt import Outcome, Verdict
from service.domain.notification.digest import digest
from service.domain.notification.event import Event
from service.flow.context import Context
from service.flow.telling.subscriptions import readable_url, signing_keys
from service.flow.unit_of_work import unit_of_work
from service.store.database.engine import Connection
from service.store.telling import deliveries, events, subscriptions
from service.store.telling.deliveries import Taken, Waiting
from service.store.telling.subscriptions import Subscription

log = structlog.get_logger()

ATTEMPTS = Counter(
    "attune_webhook_attempts", "Attempts to deliver by what became of the delivery", ["outcome"]
)

_UNTOLD = ("webhook.disabled", "webhook.dead", "test")
"""Types whose death is not told: news of dead webhooks to dead webhooks would breed."""


async def attempt(context: Context, sender: Sender, one: Subscription, taken: Taken) -> Outcome:
    now, body = context.clock(), taken.body.encode()
    url = readable_url(context.vault, one)
    if url is None:
        return Outcome(0.0, error="the stored address was encrypted with another ATTUNE_SECRET_KEY")
    try:
        keys = signing_keys(context.vault, one, now)
    except VaultError as error:
        return Outcome(0.0, error=str(error))
    if one.format not in formats():
        return Outcome(0.0, error=f"the package that writes the format {one.format} is not installed")
    headers = {"content-type": formats()[one.format].CONTENT_TYPE}
    return await sender.send(url, body, {**headers, **signed_headers(taken.id, now, body, keys)})


async def settle(
    context: Context, one: Subscription, taken: Taken, outcome: Outcome, verdict: Verdict
) -> None:
    """Record the attempt; a receiver that is gone is disabled, and a dead delivery's owner told."""
    now = context.clock()
    async with unit_of_work(context) as work:
        if not await deliveries.record(work.connection, taken, outcome, verdict, now):
            log.warning("delivery.lease_lost", delivery=taken.id)
            return
        told = await _consequences(context, work.connection, one, taken, outcome, verdict, now)
        work.publish(told, but_not_to=one.id)
    ATTEMPTS.labels(verdict.state if verdict.state != "pending" else "failed").inc()


async def _consequences(
    context: Context,
    connection: Connection,
    one: Subscription,
    taken: Taken,
    outcome: Outcome,
    verdict: Verdict,
    now: float,
) -> Sequence[Event]:
    if outcome.is_gone:
        if not await subscriptions.disable(connection, one.id):
            return []
        return [_about("webhook.disabled", context, one, {"reason": "The receiver answered 410 Gone."}, now)]
    if verdict.state != "dead" or taken.type in _UNTOLD:
        return []
    data = {"delivery": taken.id, "type": taken.type, "status": outcome.status, "error": outcome.error}
    return [_about("webhook.dead", context, one, data, now)]


def _about(
    kind: str, context: Context, one: Subscription, data: dict[str, str | int | None], now: float
) -> Event:
    url = readable_url(context.vault, one)
    about = {"id": one.id, "key": one.key, "url": masked(url) if url else None}
    return Event(type=kind, at=now, teams=one.owner_teams or (), data={**about, **data})


async def fill_digest(context: Context, taken: Taken) -> None:
    """Write a digest whose slot has come: of every event since it began that the subscription asks for."""
    async with unit_of_work(context) as work:
        connection = work.connection
        found = await subscriptions.get(connection, taken.subscription)
        if found is None:
            return
        await events.take_turn(connection)
        told = [
            one.event
            async for one in events.since(connection, int(taken.body))
            if one.event.type != "digest" and found.interest.covers(one.event)
        ]
        event = digest(told, found.id, context.clock())
        if await deliveries.fill(connection, taken, formats()[found.format].render(event)):
            await events.add(connection, [event])
            work.queue_deliveries()


async def send_test(context: Context, sender: Sender, one: Subscription) -> tuple[Taken, Outcome, float]:
    """One signed event of type ``test``, sent now and never again; also when it was disabled."""
    now = context.clock()
    event = Event(type="test", at=now, data={"webhook": one.id, "message": "attune reaches you."})
    body = formats()[one.format].render(event)
    async with context.database.write() as connection:
        taken = await deliveries.add_taken(connection, Waiting(one.id, event.type, body), now)
    outcome = await attempt(context, sender, one, taken)
    verdict = Verdict("delivered" if outcome.is_delivered else "dead")
    await settle(context, one, taken, outcome, verdict)
    return taken, outcome, now
