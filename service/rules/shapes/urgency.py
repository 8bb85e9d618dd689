"""How much of each team's open work is called urgent. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from service.domain.plan.item import Item, PlannedItem


class Urgency(NamedTuple):
    """Open items of one team: all of them, and those of priority 1 and of priority 2."""

    open: int
    first: int
    second: int

    @property
    def urgent(self) -> int:
        return self.first + self.second


def urgencies(items: Iterable[Item | PlannedItem]) -> dict[str, Urgency]:
    """By team, of those that have open items."""
    counts = Counter((item.team, item.priority) for item in items if item.is_open)
    open_items: Counter[str] = Counter()
    for (team, _), count in counts.items():
        open_items[team] += count
    return {team: Urgency(total, counts[team, 1], counts[team, 2]) for team, total in open_items.items()}
