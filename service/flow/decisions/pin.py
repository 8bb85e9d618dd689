"""The Chief PO's pins: stored whole, and the order follows before the answer."""

from collections.abc import Sequence

from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.flow.unit_of_work import unit_of_work
from service.store.backlog import pins


async def pin(context: Context, ids: Sequence[str]) -> None:
    """``ids``: existing items, each once."""
    async with unit_of_work(context) as work:
        if await pins.all_pins(work.connection) == list(ids):
            return
        await pins.replace(work.connection, ids)
        work.change_answers()
    await analyse_all(context)
