"""The Chief PO's pins: stored whole, and the order follows before the answer."""

from collections.abc import Sequence

from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.store.backlog import pins
from service.store.process import revision


async def pin(context: Context, ids: Sequence[str]) -> None:
    """``ids``: existing items, each once."""
    async with context.database.write() as connection:
        if await pins.all_pins(connection) == list(ids):
            return
        await pins.replace(connection, ids)
        await revision.grow(connection)
    await analyse_all(context)
