"""How many item rows one priority changed in the middle of the order rewrites."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from connectors.item import TrackerItem
from service.flow.analysis.full import analyse
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.context import Context
from service.store.tables import item
from tests.bench.backlog import TEAMS, dice_of, store, ticket

TIMES = 10

_WRITTEN = (
    item.c.position,
    item.c.place,
    item.c.parent,
    item.c.goal,
    item.c.effective_priority,
    item.c.conflicts,
    item.c.derived,
    item.c.why,
)
"""All that an analysis leaves on an item."""


async def bench(context: Context, what: str, **always: Any) -> None:
    """``always``: fields that all tickets of this backlog have."""
    await analyse(context)
    dice = random.Random(3)
    near, whole = [], []
    for _ in range(TIMES):
        changed = await _another_priority(context, dice, always)
        before = await _left(context)
        await store(context, int(changed.native_id) % TEAMS, [changed])
        if not await judge_neighbourhood(context):
            raise RuntimeError("the neighbourhood was not enough")
        between = await _left(context)
        await analyse(context)
        near.append(_differing(before, between))
        whole.append(_differing(between, await _left(context)))
    told = f"at most {max(near)} around it, then at most {max(whole)} by the full analysis"
    print(f"| item rows rewritten by one new priority in the middle, {what} ({TIMES} times) | {told} |")


async def _another_priority(context: Context, dice: random.Random, always: Mapping[str, Any]) -> TrackerItem:
    """Of an item within a tenth of the order around its middle."""
    ranked = select(item.c.native_id, item.c.priority).where(item.c.position.is_not(None))
    async with context.database.read() as connection:
        size = (await connection.execute(select(func.count(item.c.position)))).scalar_one()
        place = size * 9 // 20 + dice.randrange(size // 10)
        row = (await connection.execute(ranked.order_by(item.c.position).offset(place).limit(1))).one()
    number, priority = int(row.native_id), 4 if row.priority == 1 else 1
    return ticket(number, dice_of(number), priority=priority, updated=datetime.now(UTC), **always)


async def _left(context: Context) -> dict[str, int]:
    """By item, a hash of what the last analysis left."""
    async with context.database.read() as connection:
        rows = await connection.stream(select(item.c.id, *_WRITTEN))
        return {row[0]: hash(tuple(row[1:])) async for row in rows}


def _differing(before: Mapping[str, int], after: Mapping[str, int]) -> int:
    return sum(before[one] != told for one, told in after.items())
