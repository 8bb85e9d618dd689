"""Open conflicts whose owners are running out of time."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, RowMapping, select, update

from service.store.database.dialect import chunks
from service.store.database.engine import Connection
from service.store.tables import conflict


def _is_due(now: float) -> ColumnElement[bool]:
    return (conflict.c.escalates_at <= now) & (conflict.c.state == "open")


async def are_due(connection: Connection, now: float) -> bool:
    return (await connection.execute(select(conflict.c.id).where(_is_due(now)).limit(1))).first() is not None


async def due(connection: Connection, now: float, most: int) -> Sequence[RowMapping]:
    """Those that waited longest first; they stay as they are until this transaction ends."""
    query = select(conflict).where(_is_due(now)).order_by(conflict.c.escalates_at, conflict.c.id)
    return (await connection.execute(query.limit(most).with_for_update())).mappings().all()


async def settle(connection: Connection, ids: Collection[str], at: float) -> None:
    """The deciders of these are told."""
    for part in chunks(sorted(ids)):
        values = {"escalates_at": None, "escalated_at": at, "changed_at": at}
        await connection.execute(update(conflict).where(conflict.c.id.in_(part)).values(values))


async def drop(connection: Connection, ids: Collection[str]) -> None:
    """Nobody is to be told of these any more."""
    for part in chunks(sorted(ids)):
        await connection.execute(update(conflict).where(conflict.c.id.in_(part)).values(escalates_at=None))
