"""Changes that are only supposed: what a plan would be with them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Edge
from service.domain.plan.item import OPEN, Item

Pair = tuple[str, str]
"""Item ids of a blocker and of what waits for it."""

DECLARED = ("declared",)


@dataclass(frozen=True, slots=True)
class Supposed:
    """``values`` by item id: of ``due``, ``start``, ``priority``, ``state`` those that are set.

    A pair is ``added`` or ``removed``, not both; None as a value clears it.
    """

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    added: frozenset[Pair] = frozenset()
    removed: frozenset[Pair] = frozenset()

    @property
    def ids(self) -> set[str]:
        """The items that it speaks of."""
        return {*self.values, *(end for pair in self.added | self.removed for end in pair)}


def altered(item: Item, values: Mapping[str, Any], today: date) -> Item:
    """A set date counts as one from a field, a changed priority has no word, what closes does so today."""
    told = {name: value for name, value in values.items() if getattr(item, name) != value}
    for name in ("start", "due"):
        if name in told:
            told[f"{name}_from"] = None if told[name] is None else "field"
    if "priority" in told:
        told["priority_name"] = None
    if "state" in told and (told["state"] in OPEN) != item.is_open:
        told["closed_on"] = None if told["state"] in OPEN else today
    return item._replace(**told)


def altered_items(items: Mapping[str, Item], supposed: Supposed, today: date) -> dict[str, Item]:
    """All of ``items``, those that it speaks of as they would be."""
    changed = {one: altered(items[one], told, today) for one, told in supposed.values.items() if one in items}
    return {**items, **changed}


def altered_edges(edges: Iterable[Edge], items: Mapping[str, Item], supposed: Supposed) -> list[Edge]:
    """Sorted by ids. ``items`` are as they would be; an added dependency that is there stays as it is."""
    found: dict[Pair, tuple[str, ...]] = {
        pair: DECLARED for pair in supposed.added if pair[0] in items and pair[1] in items
    }
    found |= {
        pair: edge.origins for edge in edges if (pair := (edge[0].id, edge[1].id)) not in supposed.removed
    }
    return [
        Edge(items[blocker], items[dependent], origins)
        for (blocker, dependent), origins in sorted(found.items())
    ]


def backlog_after(backlog: Backlog, supposed: Supposed) -> Backlog:
    items = altered_items(backlog.items, supposed, backlog.plan.today)
    return replace(backlog, items=items, edges=altered_edges(backlog.edges, items, supposed))
