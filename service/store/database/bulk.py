"""Many rows for one statement."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy.sql.dml import UpdateBase

from service.store.database.engine import Connection


async def write_many(connection: Connection, statement: UpdateBase, rows: Sequence[dict[str, Any]]) -> None:
    """Run one statement for many rows: several times as fast as through Core.

    Every row has every parameter of the statement, already in the driver's types.
    """
    if not rows:
        return
    compiled = statement.compile(dialect=connection.dialect)
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    full = [{**fixed, **row} for row in rows] if fixed else list(rows)
    names = compiled.positiontup
    await connection.exec_driver_sql(compiled.string, _in_order(full, names) if names else full)


def _in_order(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> list[tuple[Any, ...]]:
    if len(names) == 1:
        return [(row[names[0]],) for row in rows]
    return list(map(itemgetter(*names), rows))
