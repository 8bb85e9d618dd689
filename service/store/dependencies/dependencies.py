"""The dependencies as the last analysis found them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Row, delete, select

from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, upsert
from service.store.database.engine import Connection
from service.store.tables import dependency

ROWS_AT_ONCE = 2000


class DependencyRow(NamedTuple):
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


async def replace(connection: Connection, found: Mapping[str, DependencyRow]) -> bool:
    """Store these and no others, writing only what differs; answers whether anything did."""
    changed, gone = dict(found), []
    async with connection.stream(select(dependency)) as rows:
        async for part in rows.partitions(ROWS_AT_ONCE):
            gone += _settled(part, changed, found)
    return await _write(connection, changed, gone)


async def amend(connection: Connection, found: Mapping[str, DependencyRow], others: Collection[str]) -> bool:
    """Store these; of ``others`` (ids) keep none that is not among them. Answers whether anything changed."""
    changed, gone = dict(found), []
    for part in chunks(sorted({*found, *others})):
        rows = await connection.execute(select(dependency).where(dependency.c.id.in_(part)))
        gone += _settled(rows, changed, found)
    return await _write(connection, changed, gone)


def _settled(
    stored: Iterable[Row[Any]], changed: dict[str, DependencyRow], found: Mapping[str, DependencyRow]
) -> list[str]:
    """Takes what is stored as it was found out of ``changed``; answers what was not found."""
    gone = []
    for row in stored:
        wanted = found.get(row[0])
        if wanted is None:
            gone.append(row[0])
        elif wanted == tuple(row):
            del changed[row[0]]
    return gone


async def _write(connection: Connection, changed: Mapping[str, DependencyRow], gone: Sequence[str]) -> bool:
    for part in chunks(gone):
        await connection.execute(delete(dependency).where(dependency.c.id.in_(part)))
    statement = upsert(connection, dependency, DependencyRow._fields)
    for edges in chunks(list(changed.values())):
        await write_many(connection, statement, [edge._asdict() for edge in edges])
    return bool(gone or changed)
