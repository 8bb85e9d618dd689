"""What rules of the shape ``component`` see: the parts of the product and who works on them. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from service.domain.plan.ancestry import nearest_epics
from service.domain.plan.item import OPEN, Item

_PLANNED_ALONE = frozenset({"story", "task", "bug"})
"""The kinds of issue that stand for a piece of work of their own when no epic lies above them."""


class Use(NamedTuple):
    """``name`` is how most items write it; ``teams`` counts the open items of each."""

    name: str
    teams: Mapping[str, int]


@dataclass(frozen=True)
class Components:
    """Components are compared in their ``plain`` form.

    A part of the backlog finds what the whole finds of a component if it holds all items that carry
    it, and all that lies above them.
    """

    items: Mapping[str, Item]

    @cached_property
    def used(self) -> Mapping[str, Use]:
        """By component, what open items carry."""
        written: dict[str, Counter[str]] = {}
        teams: dict[str, Counter[str]] = {}
        for (team, names), count in self._carried.items():
            for name in names:
                written.setdefault(plain(name), Counter())[name.strip()] += count
            for component in {plain(name) for name in names}:
                teams.setdefault(component, Counter())[team] += count
        return {component: Use(_usual(written[component]), counts) for component, counts in teams.items()}

    @property
    def _carried(self) -> Counter[tuple[str, tuple[str, ...]]]:
        """Open items by team and components as written."""
        return Counter(
            (item.team, item.components)
            for item in self.items.values()
            if item.components and item.state in OPEN
        )

    def planned(self, shared: Iterable[str]) -> dict[str, list[Item]]:
        """By component, for those of ``shared`` (plain): open pieces of work with a start and a due."""
        works: dict[str, list[Item]] = {component: [] for component in shared}
        candidates = list(self._candidates(works)) if works else []
        epics = nearest_epics((item for item in candidates if item.kind != "epic"), self.items)
        for item in candidates:
            if item.kind == "epic" or item.id not in epics:
                for component in {plain(name) for name in item.components} & works.keys():
                    works[component].append(item)
        return works

    def _candidates(self, shared: Mapping[str, object]) -> Iterator[Item]:
        for item in self.items.values():
            if not item.components or item.start is None or item.due is None or item.start > item.due:
                continue
            if item.state not in OPEN or not (item.kind == "epic" or item.kind in _PLANNED_ALONE):
                continue
            if any(plain(name) in shared for name in item.components):
                yield item


def plain(component: str) -> str:
    """Without case and outer blanks (rulebook, "Components")."""
    return component.strip().casefold()


def _usual(written: Counter[str]) -> str:
    return min(written, key=lambda name: (-written[name], name))
