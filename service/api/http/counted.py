"""Counts over the whole backlog, for answers that change more often than it does."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from fastapi import Request

from service.api.http.revisions import revision_of
from service.store.database.engine import Connection, Database
from service.store.process import revision

T = TypeVar("T")
P = ParamSpec("P")
Count = Callable[Concatenate[Connection, P], Awaitable[T]]


class Counted:
    """Each kind of count is made once per revision; who asks meanwhile waits for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counts: dict[Any, tuple[int, Any, Any]] = {}  # by function: revision, arguments, result
        self._turns: dict[Any, asyncio.Lock] = {}

    async def of(self, request: Request, count: "Count[P, T]", *args: P.args, **kwargs: P.kwargs) -> T:
        wanted, asked = await revision_of(request), (args, kwargs)
        async with self._turns.setdefault(count, asyncio.Lock()):
            at, asked_before, result = self._counts.get(count, (-1, None, None))
            if at < wanted or asked != asked_before:
                async with self._database.read() as connection:
                    at = await revision.current(connection)
                    result = await count(connection, *args, **kwargs)
                self._counts[count] = at, asked, result
        counts: T = result
        return counts


async def counted(request: Request, count: "Count[P, T]", *args: P.args, **kwargs: P.kwargs) -> T:
    """``count`` is a function of the store, the same one every time."""
    counts: Counted = request.app.state.counted
    return await counts.of(request, count, *args, **kwargs)
