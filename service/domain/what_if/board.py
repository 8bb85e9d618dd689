"""The open items, their dependencies and chains, kept so that a change costs what it touches. Pure.

A board never changes: an update (``update.py``) leads to another, which shares with it all that stays.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.graph.backlog import Backlog
from service.domain.graph.team_order import chains
from service.domain.plan.item import Item
from service.domain.what_if.hypothesis import Pair

Arc = tuple[int, int]
Chain = tuple[str, str]
"""Team and source: items of one chain stand in their team's order."""


@dataclass(frozen=True, slots=True)
class Change:
    """``items`` as they are afterwards; None for those that are not open, and so not on the board.

    What leaves takes its dependencies with it; a dependency whose ends are not both there is none.
    """

    items: Mapping[str, Item | None] = field(default_factory=dict)
    goals: Mapping[str, str | None] = field(default_factory=dict)
    added: Mapping[Pair, Sequence[str]] = field(default_factory=dict)  # with their origins
    removed: Collection[Pair] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """Nodes are numbered from 1 as they come, and no number is used twice; ``items`` has None for what left.

    By node: ``blockers`` and ``dependents``; the number of its chain, counted as ``chains`` are, in ``rows``;
    its place there, from 0, in ``places``. ``children`` are by the id of their parent, on the board or not.
    """

    items: Sequence[Item | None] = (None,)
    number: Mapping[str, int] = field(default_factory=dict)
    goals: Mapping[str, str] = field(default_factory=dict)
    blockers: Sequence[Sequence[int]] = ((),)
    dependents: Sequence[Sequence[int]] = ((),)
    origins: Mapping[Arc, Sequence[str]] = field(default_factory=dict)
    chains: Mapping[Chain, Sequence[int]] = field(default_factory=dict)
    rows: Sequence[int] = (0,)
    places: Sequence[int] = (0,)
    children: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def item(self, node: int) -> Item:
        """Of a node that is on the board."""
        found = self.items[node]
        if found is None:
            raise LookupError(f"node {node} has left the board")
        return found

    def get(self, one: str) -> Item | None:
        return self.items[self.number.get(one, 0)]

    def is_on(self, node: int) -> bool:
        return node < len(self.items) and self.items[node] is not None

    def arcs(self, node: int) -> set[Arc]:
        """The dependencies from it and to it."""
        if node >= len(self.items):
            return set()
        return {(node, other) for other in self.dependents[node]} | {(o, node) for o in self.blockers[node]}


def chain_of(item: Item) -> Chain:
    return item.team, item.source


def everything(backlog: Backlog) -> Change:
    """What leads from an empty board to that of a backlog. Neighbours in a chain get neighbouring numbers."""
    items = [one for one in backlog.items.values() if one.is_open]
    return Change(
        items={items[place].id: items[place] for chain in chains(items) for place in chain},
        goals=backlog.goals,
        added={(edge[0].id, edge[1].id): edge[2] for edge in backlog.edges if edge.is_open},
    )
