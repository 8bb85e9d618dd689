"""The revision that a request is answered at, read once for the token and for the ETag."""

import asyncio

from fastapi import Request

from service.store.database.engine import Database
from service.store.process import revision


class Revisions:
    """Reads the revision; requests that wait at the same moment share one query.

    A request joins only a query that begins after it came, so it never sees an older value than one
    it could have read itself.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running: asyncio.Task[int] | None = None
        self._next: asyncio.Task[int] | None = None

    async def current(self) -> int:
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._running))
        return await asyncio.shield(self._next)

    async def _after(self, running: "asyncio.Task[int] | None") -> int:
        if running is not None:
            await asyncio.wait([running])
        self._running, self._next = self._next, None
        async with self._database.read() as connection:
            return await revision.current(connection)


async def revision_of(request: Request) -> int:
    """Not older than the request; the same for all that is done for it."""
    current: int | None = getattr(request.state, "revision", None)
    if current is None:
        revisions: Revisions = request.app.state.revisions
        current = request.state.revision = await revisions.current()
    return current
