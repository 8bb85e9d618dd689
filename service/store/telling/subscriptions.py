"""Who is told what: subscriptions of outgoing webhooks, their addresses and keys encrypted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson
from sqlalchemy import Row, delete, select, update

from service.domain.notification.event import Interest
from service.store.database.engine import Connection
from service.store.tables import subscription

Mode = Literal["immediate", "digest"]
SubscriptionState = Literal["active", "disabled"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """``url``, ``secret`` and ``old_secret`` are sealed. Moments in epoch seconds.

    ``key`` is set for those of the product file. ``owner_teams`` is None when it is everybody's.
    """

    id: str
    key: str | None
    url: bytes
    format: str
    interest: Interest
    mode: Mode
    secret: bytes | None
    old_secret: bytes | None
    old_until: float | None
    state: SubscriptionState
    owner: str
    owner_teams: tuple[str, ...] | None
    created: float


async def add(connection: Connection, one: Subscription) -> None:
    await connection.execute(subscription.insert().values(_row(one)))


async def save(connection: Connection, one: Subscription) -> None:
    await connection.execute(update(subscription).where(subscription.c.id == one.id).values(_row(one)))


async def get(connection: Connection, subscription_id: str) -> Subscription | None:
    query = select(subscription).where(subscription.c.id == subscription_id)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _subscription(row)


async def all_subscriptions(connection: Connection) -> list[Subscription]:
    query = select(subscription).order_by(subscription.c.created, subscription.c.id)
    return [_subscription(row) for row in await connection.execute(query)]


async def active(connection: Connection) -> list[Subscription]:
    """Those to publish to; none of them can be taken away until the transaction ends."""
    query = select(subscription).where(subscription.c.state == "active").order_by(subscription.c.id)
    held = query.with_for_update(read=True, key_share=True)
    return [_subscription(row) for row in await connection.execute(held)]


async def disable(connection: Connection, subscription_id: str) -> bool:
    """False when it was not active."""
    disabling = (
        update(subscription)
        .where(subscription.c.id == subscription_id, subscription.c.state == "active")
        .values(state="disabled")
    )
    return (await connection.execute(disabling)).rowcount == 1


async def remove(connection: Connection, subscription_ids: Sequence[str]) -> None:
    """With their deliveries."""
    await connection.execute(delete(subscription).where(subscription.c.id.in_(subscription_ids)))


def _row(one: Subscription) -> dict[str, Any]:
    owner_teams = [None] if one.owner_teams is None else list(one.owner_teams)
    return {
        "id": one.id,
        "key": one.key,
        "url": one.url,
        "format": one.format,
        "events": _json(one.interest.events),
        "teams": _json(one.interest.teams),
        "kinds": _json(one.interest.kinds),
        "min_severity": one.interest.min_severity,
        "mode": one.mode,
        "secret": one.secret,
        "old_secret": one.old_secret,
        "old_until": one.old_until,
        "state": one.state,
        "owner": one.owner,
        "owner_teams": _json(owner_teams),
        "created": one.created,
    }


def _json(values: Sequence[str | None]) -> str:
    return orjson.dumps(values).decode()


def _list(text: str) -> tuple[str, ...]:
    return tuple(orjson.loads(text))


def _subscription(row: Row[Any]) -> Subscription:
    owner_teams = orjson.loads(row.owner_teams)
    return Subscription(
        id=row.id,
        key=row.key,
        url=row.url,
        format=row.format,
        interest=Interest(_list(row.events), _list(row.teams), _list(row.kinds), row.min_severity),
        mode=row.mode,
        secret=row.secret,
        old_secret=row.old_secret,
        old_until=row.old_until,
        state=row.state,
        owner=row.owner,
        owner_teams=None if None in owner_teams else tuple(owner_teams),
        created=row.created,
    )
