"""What rules of the planning graph see: open items joined by open edges. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from service.domain.graph.graph import Graph
from service.domain.graph.planning import Planning, planning_of
from service.domain.plan.dependency import Dependency, dependency_id
from service.domain.plan.item import Item


@dataclass(frozen=True)
class Network:
    """``reported`` are the ids of edges on which a rule marked ◆ reports.

    A part of the backlog finds what the whole finds there if it is a union of weakly connected
    components.
    """

    planning: Planning[Item]
    reported: frozenset[str]

    @property
    def graph(self) -> Graph[Item]:
        return self.planning.graph

    def is_reported(self, blocker: int, dependent: int) -> bool:
        return dependency_id(*self.ids((blocker, dependent))) in self.reported

    def ids(self, nodes: Iterable[int]) -> list[str]:
        return [self.graph.items[node].id for node in nodes]

    def links(self, path: Sequence[int]) -> list[dict[str, Any]]:
        """The edges along a path, as facts."""
        return [
            {
                "blocker": blocker,
                "dependent": dependent,
                "origins": list(self.planning.origins[blocker, dependent]),
            }
            for blocker, dependent in pairwise(self.ids(path))
        ]

    def dependency_ids(self, path: Sequence[int]) -> tuple[str, ...]:
        """Of the edges along a path."""
        return tuple(dependency_id(*pair) for pair in pairwise(self.ids(path)))


def network_of(edges: Iterable[Dependency], reported: Iterable[str] = ()) -> Network:
    return Network(planning_of(edges), frozenset(reported))
