"""What changed on items, kept once each."""

from collections.abc import Sequence

from sqlalchemy import select

from service.domain.plan.history import Change
from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, insert
from service.store.database.engine import Connection
from service.store.tables import dependency, item_change


async def add(connection: Connection, changes: Sequence[Change]) -> None:
    """A change that is there already stays as it is."""
    adding = insert(connection, item_change).values(dict.fromkeys(Change._fields)).on_conflict_do_nothing()
    await write_many(connection, adding, [change._asdict() for change in changes])


async def page(
    connection: Connection, item_id: str, after: tuple[float, str, str] | None, limit: int
) -> list[Change]:
    """Of one item, oldest first; ``after`` is (at, ref, field) of the last one before."""
    c = item_change.c
    query = select(*[c[name] for name in Change._fields]).where(c.item == item_id)
    if after is not None:
        at, ref, field = after
        later = (c.at == at) & ((c.ref > ref) | ((c.ref == ref) & (c.field > field)))
        query = query.where((c.at > at) | later)
    rows = await connection.execute(query.order_by(c.at, c.ref, c.field).limit(limit))
    return [Change._make(row) for row in rows.all()]


async def needed_by_others(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those that an open dependency waits for."""
    found: set[str] = set()
    for part in chunks(ids):
        query = select(dependency.c.blocker).where(
            dependency.c.blocker.in_(part), dependency.c.is_open.is_(True)
        )
        found.update((await connection.execute(query)).scalars())
    return found
