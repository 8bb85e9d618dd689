"""Page after page: the next is on its way while one is read, and a circle of cursors ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

from connectors.contract import SourceError
from connectors.github.fetcher import Nodes

Fetch = Callable[[str | None], Awaitable[Nodes]]


async def follow_pages(fetch: Fetch, cursor: str | None) -> AsyncIterator[Nodes]:
    """Raises SourceError when a cursor comes back that was asked for before."""
    asked = {cursor}
    under_way = asyncio.ensure_future(fetch(cursor))
    try:
        while True:
            nodes = await under_way
            if nodes.cursor is None:
                yield nodes
                return
            if nodes.cursor in asked:
                raise SourceError("answer", "GitHub's pages go round in a circle")
            asked.add(nodes.cursor)
            under_way = asyncio.ensure_future(fetch(nodes.cursor))
            yield nodes
    finally:
        under_way.cancel()
        await asyncio.gather(under_way, return_exceptions=True)
