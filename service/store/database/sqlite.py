"""SQLite's driver with one turn of the connection's thread for whatever is asked of it.

aiosqlite takes one to make a cursor, to execute, to fetch and to close; its ``executemany`` takes and gives
back the interpreter's lock for every row. Beside a busy thread each of those turns is waited for. Here
making and closing, which touch no file, take none; the first rows come with the execution; and a statement
that is run for many rows carries many of them.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import aiosqlite

_AHEAD = 100  # rows: most answers are shorter, and no stream is read far ahead
_CHUNK = 64  # rows at a time of a cursor that is iterated, aiosqlite's own
_MOST_VALUES = 32766  # that one statement takes (SQLite, "Implementation Limits", 9)
_SIZES = (1000, 500, 200, 100, 50, 20, 10, 5, 2, 1)  # rows in a statement: most batches are round
_ROW = re.compile(r"VALUES (\((?:\?, )*\?\))")


class _Cursor(aiosqlite.Cursor):
    def __init__(self, connection: aiosqlite.Connection, cursor: sqlite3.Cursor) -> None:
        super().__init__(connection, cursor)
        self._ahead: list[Any] = []
        self._more = False

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        self._ahead = await self._turn(self._begun, sql, parameters or ())
        self._more = len(self._ahead) == _AHEAD
        return self

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        await self._turn(self._all, sql, parameters)
        return self

    async def _turn(self, run: Any, *told: Any) -> Any:
        waits: Any = self._execute
        return await waits(run, *told)

    def _begun(self, sql: str, parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchmany(_AHEAD)

    def _all(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        row = _ROW.search(sql)
        if row is None or sql.count("?") != row[1].count("?"):
            self._cursor.executemany(sql, rows)
            return
        for part in _parts(rows):
            several = ", ".join([row[1]] * len(part))
            text = f"{sql[: row.start(1)]}{several}{sql[row.end(1) :]}"
            self._cursor.execute(text, tuple(chain.from_iterable(part)))

    async def fetchone(self) -> Any:
        return next(iter(await self.fetchmany(1)), None)

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        wanted = size or self.arraysize
        told, self._ahead = self._ahead[:wanted], self._ahead[wanted:]
        missing = wanted - len(told)
        return [*told, *await super().fetchmany(missing)] if missing and self._more else told

    async def fetchall(self) -> list[Any]:
        told, self._ahead = self._ahead, []
        return [*told, *await super().fetchall()] if self._more else told

    async def close(self) -> None:
        self._ahead, self._more = [], False
        self._cursor.close()


class _Connection(aiosqlite.Connection):
    def cursor(self) -> Any:
        return _Cursor(self, self._conn.cursor())


def _parts(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    """Of a few sizes: the driver keeps each statement it has met, and so meets few."""
    start = 0
    for size in _SIZES:
        while start + size <= len(rows) and size * len(rows[0]) <= _MOST_VALUES:
            yield rows[start : start + size]
            start += size


async def connect(database: str, **options: Any) -> aiosqlite.Connection:
    """``options`` are those of ``sqlite3.connect``. Cursors are made outside the connection's thread.

    ``rowcount`` of a statement that was run for many rows is that of some of them.
    """
    options["check_same_thread"] = False
    connection = _Connection(lambda: sqlite3.connect(database, **options), _CHUNK)
    connection._thread.daemon = True  # as SQLAlchemy has it: a process may end without closing
    return await connection
