"""Backlogs in which teams' orders and dependencies go round in longer circles."""

from random import Random

from service.domain.graph.backlog import Backlog
from service.domain.plan.item import Item
from tests.support.backlogs import TEAMS, item, make_backlog


class Plait:
    """Teams' orders that few dependencies tie together: most lead from an even number to an odd one.

    So hardly an item both waits and is waited for, and few circles are of three.
    """

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._teams = TEAMS[: dice.randint(2, 4)]
        self._odd_one = dice.choice([0, 0.05, 0.4])
        size = dice.randint(8, 40)
        self._items = {one: self._drawn(one) for one in (f"i{number:02}" for number in range(size))}
        self._pairs: set[tuple[str, str]] = set()
        clash = dice.choice([0.05, 0.3, 1])
        for _ in range(dice.randint(size // 4, size)):
            one, other = self._pair()
            if self._rank(one) < self._rank(other) or dice.random() < clash:
                self._pairs.add((one, other))

    def backlog(self) -> Backlog:
        return make_backlog(self._items.values(), self._pairs)

    def change(self) -> None:
        self._dice.choice([self._tie, self._tie, self._cut, self._move, self._turn])()

    def _drawn(self, one: str) -> Item:
        team, source = self._dice.choice(self._teams), self._dice.choice(["one", "one", "one", "two"])
        return item(one, team, rank=f"{self._dice.randrange(99):02}", source=f"{team}-{source}")

    def _pair(self) -> tuple[str, str]:
        one, other = sorted(self._dice.sample(sorted(self._items), 2), key=lambda one: int(one[1:]) % 2)
        return (other, one) if self._dice.random() < self._odd_one else (one, other)

    def _rank(self, one: str) -> str:
        return self._items[one].rank or ""

    def _tie(self) -> None:
        self._pairs.add(self._pair())

    def _cut(self) -> None:
        if self._pairs:
            self._pairs.remove(self._dice.choice(sorted(self._pairs)))

    def _move(self) -> None:
        """Within its team's order, or to another's."""
        one = self._dice.choice(sorted(self._items))
        drawn = self._drawn(one)
        self._items[one] = drawn if self._dice.random() < 0.3 else self._items[one]._replace(rank=drawn.rank)

    def _turn(self) -> None:
        """Close it, or open it again."""
        one = self._dice.choice(sorted(self._items))
        was = self._items[one]
        self._items[one] = was._replace(state="done" if was.is_open else "todo")
