"""The backlog as it stood at the end of a day: dates, states, priorities, teams, and the order they give.

Undone is what item_change holds. What it does not hold is as it is now: titles, labels, links, ranks,
parents, goals' selectors and pins. Items that have left the backlog since are not in it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from service.domain.graph.backlog import Backlog
from service.domain.order.order import Order, overarching_order
from service.domain.plan.as_of import Undone, as_it_stood, priority_words
from service.domain.plan.dependency import Dependency
from service.domain.plan.goals import assign_goals
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.store.backlog import as_of as stored_history
from service.store.backlog import pins, snapshot
from service.store.backlog.backlog import Filters
from service.store.database.engine import Connection
from service.store.process import revision


@dataclass(frozen=True)
class BacklogAsOf:
    """``positions`` from 1, of items that were open; ``words``: trackers' own for states, where known."""

    items: Mapping[str, Item]
    goals: Mapping[str, str]
    order: Order
    positions: Mapping[str, int]
    words: Mapping[str, str]

    def select(self, filters: Filters) -> list[Item]:
        """``has_conflicts`` and ``updated_since`` are of the present, and not looked at."""
        return [item for item in self.items.values() if self._fits(item, filters)]

    def _fits(self, item: Item, filters: Filters) -> bool:
        chosen = (
            (item.team, filters.teams),
            (item.source, filters.sources),
            (item.kind, filters.kinds),
            (item.state, filters.states),
            (self.goals.get(item.id), filters.goals),
            (item.parent, filters.parents),
        )
        if any(values and value not in values for value, values in chosen):
            return False
        if filters.labels and not set(filters.labels) & set(item.labels):
            return False
        most = filters.priority_max
        if most is not None and (item.priority is None or item.priority > most):
            return False
        text = f"{item.title}\n{item.key}".casefold()
        return all(word.casefold() in text for word in filters.words)


def end_of(context: Context, day: date) -> float:
    """The moment that day ended in the product's time zone, in epoch seconds."""
    return datetime.combine(day + timedelta(1), time(), context.product.timezone).timestamp()


@dataclass
class _LastAsked:
    """The backlog as of the day that was asked for last. ``key``: the revision that was read, and the day."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)  # one is made at a time
    key: tuple[int, date] | None = None
    backlog: BacklogAsOf | None = field(default=None, repr=False)


async def read_backlog_as_of(context: Context, connection: Connection, day: date) -> BacklogAsOf:
    """Kept until something changes: its pages are asked for one after the other."""
    kept = context.own(_LastAsked)
    async with kept.lock:
        key = (await revision.current(connection), day)
        if kept.backlog is not None and kept.key == key:
            return kept.backlog
        items, _ = await snapshot.items(connection)
        undone = await stored_history.undone(connection, end_of(context, day))
        pairs = await stored_history.dependencies(connection)
        pinned = await pins.all_pins(connection)
        plan = plan_of(context.product, day)
        stood = await asyncio.to_thread(_rewound, items, undone, pairs, pinned, plan, end_of(context, day))
        kept.key, kept.backlog = key, stood
        return stood


def _rewound(
    items: Mapping[str, Item],
    undone: Mapping[str, Mapping[str, Undone]],
    pairs: Sequence[tuple[str, str, tuple[str, ...]]],
    pinned: Sequence[str],
    plan: Plan,
    end: float,
) -> BacklogAsOf:
    words = priority_words(items.values())
    there = {
        one: as_it_stood(item, undone.get(one, {}), words, plan.today)
        for one, item in items.items()
        if item.created < end
    }
    edges = [
        Dependency(there[one], there[other], told)
        for one, other, told in pairs
        if one in there and other in there
    ]
    goals = assign_goals(there, plan.goals)
    order = overarching_order(Backlog(plan, there, edges, goals, pinned))
    return BacklogAsOf(
        items=there,
        goals=goals,
        order=order,
        positions={one: place for place, one in enumerate(order.sequence, 1)},
        words={
            one: word
            for one, told in undone.items()
            if "status" in told and (word := told["status"].before) is not None
        },
    )
