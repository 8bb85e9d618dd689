"""Counts over the whole backlog, for answers that change more often than it does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request

from service.api.http.revisions import revision_of
from service.store.database.engine import Connection, Database
from service.store.process import revision

T = TypeVar("T")


class Counted:
    """Each kind of count is made once per revision; who asks meanwhile waits for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[Any, tuple[int, Any]] = {}
        self._turns: dict[Any, asyncio.Lock] = {}

    async def of(self, request: Request, count: Callable[[Connection], Awaitable[T]]) -> T:
        wanted = await revision_of(request)
        async with self._turns.setdefault(count, asyncio.Lock()):
            at, found = self._known.get(count, (-1, None))
            if at < wanted:
                async with self._database.read() as connection:
                    at, found = await revision.current(connection), await count(connection)
                self._known[count] = at, found
        counts: T = found
        return counts


async def counted(request: Request, count: Callable[[Connection], Awaitable[T]]) -> T:
    """``count`` is a function of the store, the same one every time."""
    counts: Counted = request.app.state.counted
    return await counts.of(request, count)
