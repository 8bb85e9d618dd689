"""The planning graph with what several look at: each is worked out once, when first asked for. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

from service.domain.graph.dependency_cycles import cycles_of
from service.domain.graph.graph import Graph, knotted, planning_graph
from service.domain.graph.team_order import chains
from service.domain.plan.dependency import Edge, open_ones


@dataclass(frozen=True)
class Planning:
    """``edges`` are the open ones; nodes are numbered as in ``graph``."""

    edges: Sequence[Edge]

    @cached_property
    def graph(self) -> Graph:
        return planning_graph(self.edges)

    @cached_property
    def chains(self) -> Sequence[Sequence[int]]:
        """The teams' own orders of what has dependencies: they lead over all others too."""
        return chains(self.graph.items)

    @cached_property
    def cycles(self) -> Sequence[Sequence[int]]:
        return cycles_of(self.graph)

    @cached_property
    def knots(self) -> Sequence[Sequence[int]]:
        """Strongly connected components, of two or more nodes, of dependencies and teams' orders together."""
        graph = self.graph
        needs = ((node, other) for node, others in enumerate(graph.dependents) for other in others)
        return knotted(len(graph.items), chain(needs, *map(pairwise, self.chains)))


def planning_of(edges: Iterable[Edge]) -> Planning:
    return Planning(open_ones(edges))
