"""What is needed to say how the backlog stood: changes since, and dependencies as they are."""

from collections.abc import Collection
from typing import NamedTuple

import orjson
from sqlalchemy import select

from service.domain.plan.as_of import REWOUND, Undone
from service.store.backlog.backlog import is_stale
from service.store.database.dialect import chunks
from service.store.database.engine import Connection
from service.store.tables import dependency, item, item_change

_AT_ONCE = 2000  # rows


async def undone(connection: Connection, since: float) -> dict[str, dict[str, Undone]]:
    """By item and field, the first change at or after that moment; values before it."""
    c = item_change.c
    query = select(c.item, c.field, c.before, c.ref).where(c.at >= since, c.field.in_((*REWOUND, "status")))
    found: dict[str, dict[str, Undone]] = {}
    async with connection.stream(query.order_by(c.at, c.ref, c.item, c.field)) as rows:
        async for part in rows.partitions(_AT_ONCE):
            for one, field, before, ref in part:
                told = Undone(before, not ref.startswith("read:"))
                found.setdefault(one, {}).setdefault(field, told)
    return found


async def dependencies(connection: Connection) -> list[tuple[str, str, tuple[str, ...]]]:
    """(blocker, dependent, origins) in any state, sorted."""
    c = dependency.c
    rows = (await connection.execute(select(c.blocker, c.dependent, c.origins))).all()
    return sorted((row[0], row[1], tuple(orjson.loads(row[2]))) for row in rows)


class Halves(NamedTuple):
    """Of an item's answer, as they are now, and its ``state`` in them."""

    state: str
    record: bytes
    derived: bytes
    conflicts: int
    is_stale: bool


async def halves(connection: Connection, ids: Collection[str], stale_before: float) -> dict[str, Halves]:
    found: dict[str, Halves] = {}
    c = item.c
    query = select(c.id, c.state, c.record, c.derived, c.conflicts, is_stale(stale_before))
    for part in chunks(sorted(ids)):
        rows = await connection.execute(query.where(c.id.in_(part)))
        found.update(
            (row[0], Halves(row[1], bytes(row[2]), bytes(row[3]), row[4], bool(row[5]))) for row in rows
        )
    return found
