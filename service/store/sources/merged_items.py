"""Two stored items that turn out to be one: what people and trackers said of both is the first one's."""

from typing import NamedTuple

from sqlalchemy import delete, or_, select, update

from service.domain.plan.dependency import dependency_id
from service.store.backlog import items, pins
from service.store.database.engine import Connection
from service.store.sources import unread_parts
from service.store.tables import (
    agreement,
    agreement_step,
    declaration,
    dependency,
    item_change,
    reference,
)


class _Renamed(NamedTuple):
    """A dependency of the item that goes, under its id and under the one that it gets."""

    old: str
    new: str
    blocker: str
    dependent: str


async def merge(connection: Connection, staying: str, leaving: str) -> None:
    """``staying`` gets the names, the history, the declarations, agreements and pins of ``leaving``.

    What a tracker says of it is left as it was: the next read brings it.
    """
    await connection.execute(update(reference).where(reference.c.item == leaving).values(item=staying))
    await _merge_history(connection, staying, leaving)
    for renamed in await _renamed(connection, staying, leaving):
        await _rename_dependency(connection, renamed)
    pinned = await pins.all_pins(connection)
    if leaving in pinned:
        order = dict.fromkeys(staying if one == leaving else one for one in pinned)
        await pins.replace(connection, list(order))
    await unread_parts.forget(connection, [leaving])
    await items.remove(connection, [leaving])


async def _merge_history(connection: Connection, staying: str, leaving: str) -> None:
    c = item_change.c
    both = select(c.ref, c.field).where(c.item == staying)
    kept_changes = {tuple(row) for row in await connection.execute(both)}
    for ref, field in (await connection.execute(select(c.ref, c.field).where(c.item == leaving))).all():
        if (ref, field) not in kept_changes:
            is_it = (c.item == leaving) & (c.ref == ref) & (c.field == field)
            await connection.execute(update(item_change).where(is_it).values(item=staying))
    await connection.execute(delete(item_change).where(c.item == leaving))


async def _renamed(connection: Connection, staying: str, leaving: str) -> list[_Renamed]:
    ends: set[tuple[str, str]] = set()
    for table in (declaration, dependency):
        query = select(table.c.blocker, table.c.dependent)
        has_it = or_(table.c.blocker == leaving, table.c.dependent == leaving)
        ends.update((row[0], row[1]) for row in await connection.execute(query.where(has_it)))
    renamed = []
    for blocker, dependent in sorted(ends):
        new = (staying if blocker == leaving else blocker, staying if dependent == leaving else dependent)
        renamed.append(_Renamed(dependency_id(blocker, dependent), dependency_id(*new), *new))
    return renamed


async def _rename_dependency(connection: Connection, renamed: _Renamed) -> None:
    """Where the item that stays has said the same, that is what stands."""
    for key in (declaration.c.id, agreement.c.dependency):
        table = declaration if key.table is declaration else agreement
        is_there = (await connection.execute(select(key).where(key == renamed.new))).first() is not None
        if is_there or renamed.blocker == renamed.dependent:
            await connection.execute(delete(table).where(key == renamed.old))
    ends = {"blocker": renamed.blocker, "dependent": renamed.dependent}
    await connection.execute(
        update(declaration).where(declaration.c.id == renamed.old).values(id=renamed.new, **ends)
    )
    for table in (agreement, agreement_step):
        c = table.c.dependency
        await connection.execute(update(table).where(c == renamed.old).values(dependency=renamed.new))
