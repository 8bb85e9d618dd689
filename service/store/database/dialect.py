"""The few places where SQLite and PostgreSQL say the same thing differently."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    update,
    values,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

Insert = sqlite.Insert | postgresql.Insert


def insert(connection: AsyncConnection, table: Table) -> Any:
    """An INSERT that knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


async def insert_once(connection: AsyncConnection, table: Table, **values: Any) -> bool:
    """Whether it was not there yet. Drivers do not agree on the row count of an INSERT: it is asked back."""
    statement = insert(connection, table).values(**values).on_conflict_do_nothing()
    return (await connection.execute(statement.returning(literal_column("1")))).first() is not None


def upsert(
    connection: AsyncConnection, table: Table, columns: Sequence[str], once: Sequence[str] = ()
) -> Any:
    """INSERT of ``columns`` and ``once``, updating ``columns`` where the primary key is there already."""
    keys = [one.name for one in table.primary_key]
    statement = insert(connection, table).values(dict.fromkeys([*columns, *once]))
    changing = {name: statement.excluded[name] for name in columns if name not in keys}
    if not changing:
        return statement.on_conflict_do_nothing(index_elements=keys)
    return statement.on_conflict_do_update(index_elements=keys, set_=changing)


def update_by_key(table: Table, columns: Sequence[str]) -> Update:
    """Set ``columns`` of the row that has this primary key, of one column: all of them parameters."""
    [key] = table.primary_key
    told = [table.c[name] for name in (key.name, *columns)]
    given = [column(one.name, one.type) for one in told]
    parameters = tuple(bindparam(one.name, type_=one.type) for one in told)
    new = values(*given, name="new").data([parameters]).cte("new")
    return update(table).where(key == new.c[key.name]).values({name: new.c[name] for name in columns})


def not_a_way_in(wanted: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column whose index is not to be used: SQLite has no statistics here, and would start there."""
    return func.coalesce(wanted, None)


def gathered(column: ColumnElement[Any], connection: AsyncConnection) -> ColumnElement[str]:
    """The values of a column over all rows, as the text of a JSON array: made without the interpreter.

    Not of fractions: SQLite's JSON keeps 15 digits of them.
    """
    if connection.dialect.name == "postgresql":
        return func.coalesce(cast(func.json_agg(column), Text), "[]")
    return func.json_group_array(column)


def database_time(connection: AsyncConnection) -> ColumnElement[float]:
    """Now in epoch seconds by the database's clock: leases of several processes compare by it."""
    if connection.dialect.name == "sqlite":
        return literal_column("((julianday('now') - 2440587.5) * 86400.0)", Double)
    return literal_column("extract(epoch from clock_timestamp())::double precision", Double)


def chunks(told: Sequence[Any], size: int = 1000) -> Iterator[Sequence[Any]]:
    """Parts small enough for one IN list."""
    for start in range(0, len(told), size):
        yield told[start : start + size]
