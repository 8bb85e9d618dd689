"""Pages as they are stored: some at a time, from the tracker or from what is kept of it."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

from connectors.contract import Connector, Page
from service.flow.context import Context
from service.store.backlog import items

ITEMS_PER_TRANSACTION = 1000
ANSWERS_AT_ONCE = 100  # kept answers that are read again without a pause


async def batches(pages: AsyncIterator[Page]) -> AsyncIterator[list[Page]]:
    """The first page alone: whoever waits sees at once that something comes."""
    batch: list[Page] = []
    wanted = 1
    async for page in pages:
        batch.append(page)
        if sum(len(one.items) for one in batch) >= wanted:
            yield batch
            batch, wanted = [], ITEMS_PER_TRANSACTION
    if batch:
        yield batch


async def kept_pages(
    context: Context, connector: Connector, source: str, rejected: set[str]
) -> AsyncIterator[Page]:
    """Of every item what its tracker last answered. Not of ``rejected`` keys: their answers are newer."""
    after = ""
    while True:
        async with context.database.read() as connection:
            kept_answers = await items.answers(connection, source, after, ANSWERS_AT_ONCE)
        if not kept_answers:
            return
        after = kept_answers[-1].native_id
        readable = [one for one in kept_answers if one.key not in rejected]
        yield await connector.reread({one.native_id: one.body for one in readable})


@asynccontextmanager
async def closing(pages: AsyncIterator[Page]) -> AsyncIterator[AsyncIterator[Page]]:
    """A read that is left early leaves no request behind."""
    try:
        yield pages
    finally:
        if isinstance(pages, AsyncGenerator):
            await pages.aclose()
