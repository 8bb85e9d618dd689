"""Every event ever raised, in order."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, func, select

from service.domain.notification.event import Event
from service.store.database.bulk import write_many
from service.store.database.dialect import chunks
from service.store.database.engine import Connection
from service.store.tables import event

_PUBLISHING = 0x61747475  # the advisory lock that publishers take turns with
EVENTS_AT_ONCE = 1000


class StoredEvent(NamedTuple):
    seq: int
    event: Event


async def take_turn(connection: Connection) -> None:
    """Publishers commit one after the other, so that whoever reads on from a ``seq`` misses none.

    SQLite has one writer anyway. Transactions take what they share in one order, so that no two wait for
    each other: the number of the analysis, items and conflicts; the turn, which also comes before what is
    marked as touched; agreements and sources; what is announced; jobs; the revision last.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_advisory_xact_lock(_PUBLISHING)))


async def add(connection: Connection, events: Sequence[Event]) -> None:
    """In this order. The caller has taken its turn."""
    columns = ("id", "type", "at", "teams", "kind", "severity", "data")
    for part in chunks(events):
        rows = [_row(one) for one in part]
        await write_many(connection, event.insert().values(dict.fromkeys(columns)), rows)


def _row(one: Event) -> dict[str, Any]:
    return {
        "id": one.id,
        "type": one.type,
        "at": one.at,
        "teams": orjson.dumps(one.teams).decode(),
        "kind": one.kind,
        "severity": one.severity,
        "data": orjson.dumps(one.read().data).decode(),
    }


def _stored(row: Row[Any]) -> StoredEvent:
    teams, data = tuple(orjson.loads(row.teams)), orjson.loads(row.data)
    return StoredEvent(row.seq, Event(row.type, row.at, teams, row.kind, row.severity, data, row.id))


async def after(connection: Connection, seq: int, most: int) -> list[StoredEvent]:
    query = select(event).where(event.c.seq > seq).order_by(event.c.seq).limit(most)
    return [_stored(row) for row in await connection.execute(query)]


async def since(connection: Connection, seq: int) -> AsyncIterator[StoredEvent]:
    """``seq`` itself and all that came later."""
    place = seq - 1
    while found := await after(connection, place, EVENTS_AT_ONCE):
        for one in found:
            yield one
        place = found[-1].seq


async def seq_of(connection: Connection, event_id: str) -> int | None:
    return (await connection.execute(select(event.c.seq).where(event.c.id == event_id))).scalar_one_or_none()


async def last_seq(connection: Connection) -> int:
    """0 when there are none."""
    return (await connection.execute(select(func.max(event.c.seq)))).scalar_one() or 0
