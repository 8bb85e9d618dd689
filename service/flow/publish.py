"""Tell of what happened: events and the deliveries they cause, in the transaction of the change itself."""

from collections.abc import Sequence
from datetime import UTC, datetime

from service.delivery.formats import formats
from service.domain.notification.cadence import next_daily, next_weekly
from service.domain.notification.digest import condensed
from service.domain.notification.event import Event
from service.flow.context import Context
from service.store.database.engine import Connection
from service.store.telling import deliveries, events, subscriptions
from service.store.telling.deliveries import COLLECTING, Waiting
from service.store.telling.subscriptions import Subscription


async def publish(
    context: Context, connection: Connection, told: Sequence[Event], *, but_not_to: str | None = None
) -> None:
    """Store the events, and a delivery for every active subscription that asked for them.

    ``but_not_to`` is the subscription that the events are about. Only a unit of work calls this: it
    wakes the deliverer once the transaction is in.
    """
    if not told:
        return
    await events.take_turn(connection)
    now = context.clock()
    known = [
        one
        for one in await subscriptions.active(connection)
        if one.id != but_not_to and one.format in formats()
    ]
    wanted = {one: [event for event in told if one.interest.covers(event)] for one in known}
    at_once = {one: condensed(found, one.id, now) for one, found in wanted.items() if one.mode == "immediate"}
    digests = [event for found in at_once.values() for event in found if event.type == "digest"]
    await events.add(connection, [*told, *digests])
    waiting = [_waiting(one, event) for one, found in at_once.items() for event in found]
    await deliveries.add(connection, waiting, now)
    collecting = [one for one, found in wanted.items() if found and one.mode == "digest"]
    await _collect(context, connection, collecting, told[0])


def _waiting(one: Subscription, event: Event) -> Waiting:
    return Waiting(one.id, event.type, formats()[one.format].render(event.read()))


async def _collect(
    context: Context, connection: Connection, wanting: Sequence[Subscription], first: Event
) -> None:
    """For each a digest from this event on, due at the next slot, unless one is collecting already."""
    if not wanting:
        return
    open_already = await deliveries.collecting(connection)
    seq = await events.seq_of(connection, first.id)
    now = context.clock()
    delay = next_slot(context) - now
    fresh = [
        Waiting(one.id, "digest", str(seq), COLLECTING, delay)
        for one in wanting
        if one.id not in open_already
    ]
    await deliveries.add(connection, fresh, now)


def next_slot(context: Context) -> float:
    """When the product's cadence comes round next, in epoch seconds."""
    cadence, zone = context.product.cadence, context.product.timezone
    now = datetime.fromtimestamp(context.clock(), UTC)
    if cadence.every == "day":
        return next_daily(now, zone, cadence.at).timestamp()
    return next_weekly(now, zone, cadence.day, cadence.at).timestamp()
