"""The database: SQLite embedded, PostgreSQL when replicas share it. One writer idea for both."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import RowMapping, event, make_url, text
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from service.errors import AttuneError
from service.store.database.sqlite import connect

Connection = AsyncConnection

__all__ = ["Connection", "Database", "RowMapping", "UnavailableError", "data_folder", "is_there", "ready"]

_SQLITE = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;
PRAGMA foreign_keys=ON; PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY
"""


class UnavailableError(AttuneError):
    """The database is away, full, or let another transaction go first: the same may work a moment later."""


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise UnavailableError(f"the database did not take it ({type(error).__name__})") from error


class Database:
    """Hands out connections: ``read()`` for a snapshot, ``write()`` for one transaction.

    On SQLite writers of this process queue up here and begin with BEGIN IMMEDIATE, so that none
    fails half-way because another one was faster (faults.md, 53). Blocks end with UnavailableError
    when the database is the cause.
    """

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        snapshots = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reading = self.engine.execution_options(**snapshots)
        self._writer = asyncio.Lock()

    @property
    def dialect(self) -> Dialect:
        return self.engine.dialect

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Connection]:
        """What is read in the block is of one moment, however long it takes."""
        with _told_apart():
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Connection]:
        """Commits when the block ends, rolls back when it raises."""
        with _told_apart():
            async with self._begin() as connection:
                yield connection

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[Connection]:
        if not self.is_sqlite:
            async with self.engine.begin() as connection:
                yield connection
            return
        async with self._writer, self.engine.connect() as connection:
            await connection.execution_options(attune_write=True)
            async with connection.begin():
                yield connection

    async def close(self) -> None:
        await self.engine.dispose()


def is_there(url: str) -> bool:
    """False for an SQLite file that nobody has made yet; whether a server answers only a connection tells."""
    target = make_url(url)
    is_file = target.get_backend_name() == "sqlite" and target.database
    return not is_file or Path(target.database or "").is_file()


def data_folder(url: str) -> Path:
    """Where what belongs to a database is kept: beside SQLite's file, else in the working directory."""
    target = make_url(url)
    is_file = target.get_backend_name() == "sqlite" and target.database
    return Path(target.database or "").parent if is_file else Path("attune-data")


def _engine(url: str) -> AsyncEngine:
    target = make_url(url)
    if target.get_backend_name() == "postgresql":
        return create_async_engine(target.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    if target.database and target.database != ":memory:":
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)
    target = target.set(drivername="sqlite+aiosqlite")
    told, options = target.get_dialect()().create_connect_args(target)
    engine = create_async_engine(target, async_creator=lambda: connect(*told, **options))
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's "begin" event below begins instead of the driver
    cursor = connection.cursor()
    for pragma in _SQLITE.split(";"):
        cursor.execute(pragma)
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("attune_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


async def ready(database: Database) -> bool:
    async with database.read() as connection:
        await connection.execute(text("SELECT 1"))
    return True
