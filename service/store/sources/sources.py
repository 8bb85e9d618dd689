"""What is known of each source: how far it is read, and how honest that is."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Row, delete, func, select, update

from service.store.backlog import items
from service.store.database.dialect import insert
from service.store.database.engine import Connection
from service.store.process import touched
from service.store.sources import look_ups
from service.store.tables import item, source

MOST_REJECTED = 1000  # listed per source; all are counted


async def ensure(connection: Connection, keys: Sequence[str]) -> None:
    """A row for every source of the product file; what is known of sources that left it goes.

    Their items keep their names: a source that comes back brings the same items.
    """
    for key in keys:
        statement = insert(connection, source).values(
            key=key, state="never", complete=False, rejected="[]", rejected_count=0, unmapped="{}", requests=0
        )
        await connection.execute(statement.on_conflict_do_nothing())
    await connection.execute(delete(source).where(source.c.key.not_in(keys)))
    await look_ups.forget_sources(connection, keys)
    await touched.mark(connection, await items.remove(connection, await items.outside(connection, keys)))


async def get(connection: Connection, key: str) -> Row[Any]:
    return (await connection.execute(select(source).where(source.c.key == key))).one()


async def all_sources(connection: Connection) -> Sequence[Row[Any]]:
    return (await connection.execute(select(source).order_by(source.c.key))).all()


async def change(connection: Connection, key: str, **values: Any) -> None:
    await connection.execute(update(source).where(source.c.key == key).values(**values))


async def begin_scan(connection: Connection, key: str, at: float) -> None:
    """Everything is read anew: an earlier checkpoint or list would speak of another read."""
    await change(connection, key, scan=at, checkpoint=None, rejected="[]", rejected_count=0, unmapped="{}")


async def add_requests(connection: Connection, key: str, count: int) -> None:
    more = source.c.requests + count
    await connection.execute(update(source).where(source.c.key == key).values(requests=more))


async def count_items(connection: Connection, key: str) -> int:
    query = select(func.count()).select_from(item).where(item.c.source == key)
    return (await connection.execute(query)).scalar_one()


async def add_honesty(
    connection: Connection,
    key: str,
    rejected: Sequence[Mapping[str, str]],
    readable: Sequence[str],
    unmapped: Mapping[str, Sequence[str]],
) -> None:
    """Note records that could not be read and words that map to nothing.

    ``readable`` are the keys of items that came through: what was rejected before and is now
    well is no longer listed.
    """
    locked = select(source).where(source.c.key == key).with_for_update()
    now = (await connection.execute(locked)).one()
    well = set(readable)
    merged = {one["key"]: one for one in orjson.loads(now.rejected) if one["key"] not in well}
    merged.update({one["key"]: dict(one) for one in rejected})
    words = {name: set(found) for name, found in orjson.loads(now.unmapped).items()}
    for name, found in unmapped.items():
        words.setdefault(name, set()).update(found)
    values = {
        "rejected": orjson.dumps(list(merged.values())[-MOST_REJECTED:]).decode(),
        "rejected_count": len(merged),
        "unmapped": orjson.dumps({name: sorted(found) for name, found in sorted(words.items())}).decode(),
    }
    if any(getattr(now, name) != value for name, value in values.items()):
        await change(connection, key, **values)
