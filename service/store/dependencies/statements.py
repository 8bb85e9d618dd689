"""What the text of an item says of two others: "ONL-4, which depends on STO-2"."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, select

from connectors.reference import parse
from service.store.database.bulk import write_many
from service.store.database.dialect import chunks
from service.store.database.engine import Connection
from service.store.naming import item_names
from service.store.tables import item, statement


class Statement(NamedTuple):
    """``item`` is whose text it is; ``subject`` and ``ref`` are references as the text has them."""

    item: str
    subject: str
    relation: Any
    ref: str
    words: str


_COLUMNS = [statement.c[name] for name in Statement._fields]


async def replace(connection: Connection, ids: Collection[str], now: Sequence[Statement]) -> None:
    """All that the texts of these items say."""
    for part in chunks(sorted(ids)):
        await connection.execute(delete(statement).where(statement.c.item.in_(part)))
    await write_many(connection, statement.insert(), [one._asdict() for one in now])


async def all_statements(connection: Connection) -> list[Statement]:
    return [Statement._make(row) for row in await connection.execute(select(*_COLUMNS))]


async def statements_in(connection: Connection, ids: Collection[str]) -> list[Statement]:
    """Those in the texts of these items."""
    return sorted(await _where(connection, statement.c.item, ids))


async def statements_near(connection: Connection, ids: Collection[str]) -> list[Statement]:
    """Those in the texts of these items, and those that may speak of one of them."""
    names: set[str] = set()
    for ref in await item_names.names_of(connection, ids):
        named = parse(ref)
        names.update((ref, *named.spellings) if named else (ref,))
    near = await _where(connection, statement.c.item, ids)
    near |= await _where(connection, statement.c.subject, names)
    near |= await _where(connection, statement.c.ref, names)
    return sorted(near)


async def mentions(connection: Connection) -> set[tuple[str, str]]:
    """(source of the text, reference) of all that is spoken of."""
    found: set[tuple[str, str]] = set()
    for end in (statement.c.subject, statement.c.ref):
        query = select(item.c.source, end).distinct().join(item, item.c.id == statement.c.item)
        found.update((row[0], row[1]) for row in await connection.execute(query))
    return found


async def _where(
    connection: Connection, column: ColumnElement[str], values: Collection[str]
) -> set[Statement]:
    found: set[Statement] = set()
    for part in chunks(sorted(values)):
        rows = await connection.execute(select(*_COLUMNS).where(column.in_(part)))
        found.update(Statement._make(row) for row in rows)
    return found
