"""Deliveries of tracker webhooks, so that a repeated one has no second effect."""

from sqlalchemy import delete

from service.store.database.dialect import insert_once
from service.store.database.engine import Connection
from service.store.tables import inbound

KEPT = 7 * 86400.0  # seconds; trackers redeliver for days


async def is_new(connection: Connection, source: str, delivery: str, event: str, now: float) -> bool:
    """Remembers the delivery; False when it was there already."""
    return await insert_once(connection, inbound, source=source, delivery=delivery, event=event, received=now)


async def forget_old(connection: Connection, now: float) -> None:
    await connection.execute(delete(inbound).where(inbound.c.received < now - KEPT))
