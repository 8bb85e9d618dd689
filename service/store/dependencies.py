"""The dependencies as the last analysis found them."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from service.store.bulk import write_many
from service.store.dialect import chunks, upsert
from service.store.engine import Connection
from service.store.tables import dependency


class Dependency(NamedTuple):
    """A row of the table, in its columns' order."""

    id: str
    blocker: str
    dependent: str
    blocker_team: str
    dependent_team: str
    origins: str  # JSON list
    cross_team: bool
    is_open: bool
    health: str


async def replace(connection: Connection, found: Mapping[str, Dependency]) -> bool:
    """Store these and no others, writing only what differs; answers whether anything did."""
    rows = (await connection.execute(select(dependency))).all()
    before: dict[str, tuple[Any, ...]] = {row[0]: tuple(row) for row in rows}
    return await _write(connection, found, before)


async def amend(connection: Connection, found: Mapping[str, Dependency], others: Collection[str]) -> bool:
    """Store these; of ``others`` (ids) keep none that is not among them. Answers whether anything changed."""
    before: dict[str, tuple[Any, ...]] = {}
    for part in chunks(sorted({*found, *others})):
        rows = await connection.execute(select(dependency).where(dependency.c.id.in_(part)))
        before.update({row[0]: tuple(row) for row in rows})
    return await _write(connection, found, before)


async def _write(
    connection: Connection, found: Mapping[str, Dependency], before: Mapping[str, tuple[Any, ...]]
) -> bool:
    gone = [key for key in before if key not in found]
    for part in chunks(gone):
        await connection.execute(delete(dependency).where(dependency.c.id.in_(part)))
    changed = [edge._asdict() for key, edge in found.items() if before.get(key) != tuple(edge)]
    await write_many(connection, upsert(connection, dependency, Dependency._fields), changed)
    return bool(gone or changed)
