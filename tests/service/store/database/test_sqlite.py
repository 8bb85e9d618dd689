"""The driver reads ahead: every row is met once and in order, however it is asked for."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from service.store.database.engine import Database
from service.store.database.sqlite import connect

COUNTS = (0, 1, 99, 100, 101, 250)


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[Any]:
    opened = await connect(str(tmp_path / "rows.db"), isolation_level=None)
    yield opened
    await opened.close()


def counted(count: int) -> str:
    return f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n LIMIT {count}"


@pytest.mark.parametrize("count", COUNTS)
async def test_all_rows_at_once(connection: Any, count: int) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute(counted(count))
        assert await cursor.fetchall() == [(one + 1,) for one in range(count)]
        assert await cursor.fetchall() == []


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("size", [1, 7, 100, 120])
async def test_rows_a_few_at_a_time(connection: Any, count: int, size: int) -> None:
    found: list[Any] = []
    async with connection.cursor() as cursor:
        await cursor.execute(counted(count))
        while part := await cursor.fetchmany(size):
            assert len(part) == min(size, count - len(found))
            found += part
    assert found == [(one + 1,) for one in range(count)]


async def test_one_row_then_the_rest(connection: Any) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute(counted(250))
        assert await cursor.fetchone() == (1,)
        assert len(await cursor.fetchall()) == 249
        assert await cursor.fetchone() is None


async def test_a_cursor_left_early_can_be_used_again(connection: Any) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute(counted(250))
        await cursor.fetchmany(3)
        await cursor.execute(counted(2))
        assert await cursor.fetchall() == [(1,), (2,)]


async def test_statements_that_hold_more_than_the_row_are_run_for_each(connection: Any) -> None:
    async with connection.cursor() as cursor:
        await cursor.execute("CREATE TABLE told (a INTEGER, b INTEGER)")
        statement = "INSERT INTO told SELECT v.column1, ? FROM (VALUES (?)) AS v"
        await cursor.executemany(statement, [(9, one) for one in range(3)])
        await cursor.execute("SELECT a, b FROM told ORDER BY a")
        assert await cursor.fetchall() == [(0, 9), (1, 9), (2, 9)]


SLOW = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) SELECT max(i) FROM n"
)


@pytest.mark.parametrize("write", [False, True])
async def test_who_is_cancelled_while_a_statement_runs_leaves_the_database_well(
    tmp_path: Path, write: bool
) -> None:
    database = Database(f"sqlite:///{tmp_path}/attune.db")

    async def ask() -> None:
        async with database.write() if write else database.read() as connection:
            await connection.execute(SLOW)

    for _ in range(3):
        asking = asyncio.create_task(ask())
        await asyncio.sleep(0.05)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    async with database.write() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await database.close()
