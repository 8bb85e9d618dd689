"""The outbox: what is to be sent to whom, how often it was tried, and what came of it."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, func, or_, select, tuple_, update

from service.domain.notification.delivery_attempt import Outcome, Verdict
from service.store.database.bulk import write_many
from service.store.database.dialect import database_time
from service.store.database.engine import Connection
from service.store.tables import delivery, delivery_attempt, subscription

LEASE_SECONDS = 60.0  # far longer than an attempt may take
"""A lease that runs out is another worker's to take; what its former holder records then is refused."""

COLLECTING = "collecting"
"""The state of a digest still to be written: its body is the ``seq`` of the first event to put in it."""


class Waiting(NamedTuple):
    """A delivery to add. ``delay`` in seconds, by the database's clock."""

    subscription: str
    type: str
    body: str
    state: str = "pending"
    delay: float = 0.0


class Taken(NamedTuple):
    """``attempts`` since it was queued, the one that ``lease`` is for not counted."""

    id: str
    subscription: str
    type: str
    body: str
    state: str
    attempts: int
    created: float
    lease: str


_TAKEN = [getattr(delivery.c, name) for name in Taken._fields]


def new_delivery_id() -> str:
    return "msg_" + uuid.uuid4().hex


async def add(connection: Connection, found: Sequence[Waiting], now: float) -> None:
    due = (await connection.execute(select(database_time(connection)))).scalar_one()
    columns = ("id", "subscription", "type", "body", "state", "attempts", "created", "due")
    rows = [
        {
            "id": new_delivery_id(),
            "subscription": one.subscription,
            "type": one.type,
            "body": one.body,
            "state": one.state,
            "attempts": 0,
            "created": now,
            "due": due + one.delay,
        }
        for one in found
    ]
    await write_many(connection, delivery.insert().values(dict.fromkeys(columns)), rows)


async def add_taken(connection: Connection, one: Waiting, now: float) -> Taken:
    """One that the caller sends itself: no worker takes it as long as the lease lasts."""
    clock = database_time(connection)
    lease = uuid.uuid4().hex
    adding = (
        delivery.insert()
        .values(
            id=new_delivery_id(),
            subscription=one.subscription,
            type=one.type,
            body=one.body,
            state=one.state,
            attempts=0,
            created=now,
            due=clock,
            lease=lease,
            leased_until=clock + LEASE_SECONDS,
        )
        .returning(*_TAKEN)
    )
    return Taken(*(await connection.execute(adding)).one())


async def claim(connection: Connection, most: int, each: int, busy: Collection[str]) -> list[Taken]:
    """Take what is due: at most ``each`` per subscription, none of those that are ``busy``.

    A subscription with thousands waiting comes no sooner than one with a single delivery. One
    statement: two workers never take the same.
    """
    now = database_time(connection)
    place = func.row_number().over(
        partition_by=delivery.c.subscription, order_by=(delivery.c.due, delivery.c.id)
    )
    due = (
        select(delivery.c.id, delivery.c.due, place.label("place"))
        .join(subscription, subscription.c.id == delivery.c.subscription)
        .where(
            delivery.c.state.in_(("pending", COLLECTING)),
            delivery.c.due <= now,
            _is_free(now),
            subscription.c.state == "active",
            delivery.c.subscription.not_in(busy),
        )
        .subquery()
    )
    next_ones = select(due.c.id).where(due.c.place <= each).order_by(due.c.place, due.c.due).limit(most)
    lockable = select(delivery.c.id).where(delivery.c.id.in_(next_ones), _is_free(now))
    lease = uuid.uuid4().hex
    taking = (
        update(delivery)
        .where(delivery.c.id.in_(lockable.with_for_update(skip_locked=True)))
        .values(lease=lease, leased_until=now + LEASE_SECONDS)
        .returning(*_TAKEN)
    )
    return [Taken(*row) for row in await connection.execute(taking)]


def _is_free(now: Any) -> Any:
    return or_(delivery.c.leased_until.is_(None), delivery.c.leased_until < now)


async def record(connection: Connection, taken: Taken, outcome: Outcome, verdict: Verdict, at: float) -> bool:
    """The attempt and what follows from it. False, and nothing written, when the lease has passed on."""
    settling = (
        update(delivery)
        .where(delivery.c.id == taken.id, delivery.c.lease == taken.lease)
        .values(
            state=verdict.state,
            attempts=taken.attempts + 1,
            due=database_time(connection) + verdict.delay,
            lease=None,
            leased_until=None,
        )
    )
    if (await connection.execute(settling)).rowcount == 0:
        return False
    number = select(func.coalesce(func.max(delivery_attempt.c.number), 0) + 1).where(
        delivery_attempt.c.delivery == taken.id
    )
    await connection.execute(
        delivery_attempt.insert().values(
            delivery=taken.id,
            number=number.scalar_subquery(),
            at=at,
            duration=outcome.duration,
            status=outcome.status,
            error=outcome.error,
            answer=outcome.answer,
        )
    )
    return True


async def fill(connection: Connection, taken: Taken, body: str) -> bool:
    """A digest is written: due at once. False when the lease has passed on."""
    filling = (
        update(delivery)
        .where(delivery.c.id == taken.id, delivery.c.lease == taken.lease)
        .values(body=body, state="pending", lease=None, leased_until=None)
    )
    return (await connection.execute(filling)).rowcount == 1


async def collecting(connection: Connection) -> set[str]:
    """Subscriptions with a digest that takes in what happens now."""
    query = select(delivery.c.subscription).where(delivery.c.state == COLLECTING)
    return set((await connection.execute(query)).scalars())


async def next_due(connection: Connection) -> float | None:
    """Seconds until the next delivery nobody has taken; None when there is none."""
    query = (
        select(func.min(delivery.c.due) - database_time(connection))
        .join(subscription, subscription.c.id == delivery.c.subscription)
        .where(
            delivery.c.state.in_(("pending", COLLECTING)),
            delivery.c.lease.is_(None),
            subscription.c.state == "active",
        )
    )
    return (await connection.execute(query)).scalar()


async def replay(
    connection: Connection, subscription_id: str, *, since: float | None = None, only: str | None = None
) -> int:
    """Queue again, under the same id: the one named, or the dead ones created since then. How many."""
    named = delivery.c.id == only if only is not None else delivery.c.created >= (since or 0.0)
    states = ("dead", "delivered") if only is not None else ("dead",)
    queueing = (
        update(delivery)
        .where(delivery.c.subscription == subscription_id, named, delivery.c.state.in_(states))
        .values(state="pending", attempts=0, due=database_time(connection), lease=None, leased_until=None)
    )
    return (await connection.execute(queueing)).rowcount


class Listed(NamedTuple):
    id: str
    type: str
    state: str
    created: float
    due: float


async def listed(
    connection: Connection,
    subscription_id: str,
    state: str | None,
    before: tuple[float, str] | None,
    most: int,
) -> list[Listed]:
    """Newest first, those ``before`` a (created, id)."""
    query = (
        select(*[getattr(delivery.c, name) for name in Listed._fields])
        .where(delivery.c.subscription == subscription_id)
        .order_by(delivery.c.created.desc(), delivery.c.id.desc())
        .limit(most)
    )
    if state is not None:
        query = query.where(delivery.c.state == state)
    if before is not None:
        query = query.where(tuple_(delivery.c.created, delivery.c.id) < before)
    return [Listed(*row) for row in await connection.execute(query)]


async def attempts(connection: Connection, delivery_ids: Sequence[str]) -> list[Row[Any]]:
    query = (
        select(delivery_attempt)
        .where(delivery_attempt.c.delivery.in_(delivery_ids))
        .order_by(delivery_attempt.c.delivery, delivery_attempt.c.number)
    )
    return list(await connection.execute(query))
