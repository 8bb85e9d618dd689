"""A database that takes no more: writes are a 503, reads go on, and it recovers by itself (faults.md, 54)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event, select, text

from service.app import create_app
from service.store.database.engine import Database
from service.store.tables import token
from tests.support.api import bearer, client, serving
from tests.support.flow import clock, flow_context, read_and_judge, rows
from tests.support.tiny import TinyTracker

FULL = """CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END$$"""
TABLES = ("token", "sync", "job", "idempotency")


@asynccontextmanager
async def full(database: Database) -> AsyncIterator[None]:
    """SQLite refuses every write; PostgreSQL tells of its disk, as it does when that is full."""
    if database.is_sqlite:
        event.listen(database.engine.sync_engine, "begin", _refuse)
    else:
        async with database.write() as connection:
            await connection.execute(text(FULL))
            for name in TABLES:
                trigger = f"CREATE TRIGGER full_{name} BEFORE INSERT OR UPDATE ON {name}"
                await connection.execute(text(f"{trigger} EXECUTE FUNCTION disk_full()"))
    try:
        yield
    finally:
        if database.is_sqlite:
            event.remove(database.engine.sync_engine, "begin", _refuse)
            await database.engine.dispose()
        else:
            async with database.write() as connection:
                await connection.execute(text("DROP FUNCTION disk_full CASCADE"))


def _refuse(connection: Any) -> None:
    connection.exec_driver_sql("PRAGMA query_only = ON")


async def test_reads_go_on_and_the_use_of_a_token_is_noted_later(database: Database) -> None:
    tracker = TinyTracker()
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    headers = await bearer(context, "admin")

    async def last_used() -> float | None:
        [row] = await rows(context, select(token.c.last_used).subquery())
        used: float | None = row.last_used
        return used

    async with serving(create_app(context)) as url, client(url, headers) as http:
        async with full(database):
            read = [await http.get(path) for path in ("/v1/backlog", "/v1/sources", "/v1/tokens")]
            written = await http.post("/v1/sources/onl/sync")
        assert [answer.status_code for answer in read] == [200, 200, 200]
        assert (written.status_code, written.headers["retry-after"]) == (503, "5")
        assert len(read[0].json()["items"]) == 3
        assert await last_used() is None
        clock(context).forward(minutes=1)
        assert (await http.get("/v1/backlog")).status_code == 200
        assert await last_used() == clock(context).now
        assert (await http.post("/v1/sources/onl/sync")).status_code == 202
