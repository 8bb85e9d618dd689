"""Which goal each item serves: its own selector's, else its nearest ancestor's. Pure."""

import re
from collections.abc import Mapping, Sequence

from service.domain.plan.item import Item
from service.domain.plan.product import Goal


def assign_goals(items: Mapping[str, Item], goals: Sequence[Goal]) -> dict[str, str]:
    """Item id → goal key, for those that serve one; of several goals the first in the file."""
    if not goals:
        return {}
    selectors = _Selectors(goals)
    ranks: dict[str, int | None] = {}
    for item in items.values():
        _settle(item, items, selectors, ranks)
    return {item_id: goals[rank].key for item_id in items if (rank := ranks[item_id]) is not None}


def _settle(
    item: Item, items: Mapping[str, Item], selectors: "_Selectors", ranks: dict[str, int | None]
) -> None:
    """Up to the first ancestor that is known or matches; a circle of parents has no goal."""
    path: dict[str, None] = {}
    rank: int | None = None
    above: Item | None = item
    while above is not None and above.id not in path:
        if above.id in ranks:
            rank = ranks[above.id]
            break
        path[above.id] = None
        rank = selectors.rank(above)
        if rank is not None:
            break
        above = items.get(above.parent) if above.parent else None
    ranks.update(dict.fromkeys(path, rank))


class _Selectors:
    """The goals' selectors, turned around: what each word selects."""

    def __init__(self, goals: Sequence[Goal]) -> None:
        self._labels: dict[str, int] = {}
        self._components: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._titles: list[tuple[int, re.Pattern[str]]] = []
        for rank, goal in enumerate(goals):
            for label in goal.labels:
                self._labels.setdefault(label.strip().casefold(), rank)
            for component in goal.components:
                self._components.setdefault(component.strip().casefold(), rank)
            for key in goal.epics:
                self._keys.setdefault(key.casefold(), rank)
            if goal.title:
                self._titles.append((rank, re.compile(goal.title, re.IGNORECASE)))

    def rank(self, item: Item) -> int | None:
        """The lowest place among the goals that select this item itself."""
        found = [self._keys.get(item.key.casefold())]
        found += [self._labels.get(label.strip().casefold()) for label in item.labels]
        found += [self._components.get(one.strip().casefold()) for one in item.components]
        found += [rank for rank, pattern in self._titles if pattern.search(item.title)]
        return min((rank for rank in found if rank is not None), default=None)
