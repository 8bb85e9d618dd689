"""SQLite's driver with one turn of the connection's thread for each statement.

aiosqlite takes one to make a cursor, to execute, to fetch and to close, each waiting for the interpreter's
lock while another thread is busy. Making and closing touch no file; the first rows come with the execution.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

import aiosqlite

_AHEAD = 100  # rows: most answers are shorter, and no stream is read far ahead
_CHUNK = 64  # rows at a time of a cursor that is iterated, aiosqlite's own


class _Cursor(aiosqlite.Cursor):
    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._ahead: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        turn: Any = self._execute
        self._ahead = await turn(self._begun, sql, parameters or ())
        return self

    def _begun(self, sql: str, parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchmany(_AHEAD)

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        wanted = size or self.arraysize
        told, self._ahead = self._ahead[:wanted], self._ahead[wanted:]
        missing = wanted - len(told)
        return [*told, *await super().fetchmany(missing)] if missing else told

    async def fetchall(self) -> list[Any]:
        told, self._ahead = self._ahead, []
        return told if len(told) < _AHEAD else [*told, *await super().fetchall()]

    async def close(self) -> None:
        self._ahead = []
        self._cursor.close()


class _Connection(aiosqlite.Connection):
    def cursor(self) -> Any:
        return _Cursor(self, self._conn.cursor())


async def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """``options`` are those of ``sqlite3.connect``. Cursors are made outside the connection's thread."""
    options["check_same_thread"] = False
    connection = _Connection(lambda: sqlite3.connect(database, **options), _CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy has it: a process may end without closing
    return await connection
