"""Many rows in few statements: each is written, whatever their number."""

from typing import Any

import pytest
from sqlalchemy import select

from service.store.database.bulk import write_many
from service.store.database.dialect import update_by_key, upsert
from service.store.database.engine import Database
from service.store.tables import touched


@pytest.mark.parametrize("count", [0, 1, 3, 500, 1304])
async def test_every_row_is_written_and_then_changed_by_its_key(database: Database, count: int) -> None:
    told: list[dict[str, Any]] = [{"item": f"i{number}", "number": number + 1} for number in range(count)]
    async with database.write() as connection:
        await write_many(connection, upsert(connection, touched, ["item", "number"]), told)
        await write_many(connection, upsert(connection, touched, ["item", "number"]), told)
        again = [{**row, "number": row["number"] + 9} for row in told[::2]]
        await write_many(connection, update_by_key(touched, ["number"]), again)
    async with database.read() as connection:
        found = {row.item: row.number for row in await connection.execute(select(touched))}
    assert found == {row["item"]: row["number"] for row in [*told, *again]}


async def test_sqlite_meets_few_statements_with_many_rows_each(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's driver sends rows one after the other")
    met: list[str] = []
    async with database.write() as connection:
        raw: Any = (await connection.get_raw_connection()).driver_connection
        await raw.set_trace_callback(met.append)
        for count in (1888, 1889, 1900):
            told = [{"item": f"{count}-{number}", "number": 1} for number in range(count)]
            await write_many(connection, touched.insert(), told)
    sizes = [one.count("), (") + 1 for one in met if one.startswith("INSERT")]
    assert sizes == [
        *(1000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
        *(1000, 500, 200, 100, 50, 20, 10, 5, 2, 2),
        *(1000, 500, 200, 200),
    ]
