"""The planning graph with what several look at: each is worked out once, when first asked for. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from typing import Generic

from service.domain.graph.dependency_cycles import cycles_of
from service.domain.graph.graph import Graph, Neighbours, Pair, large_components, planning_graph
from service.domain.graph.memo import Work, do_work
from service.domain.graph.team_order import team_orders
from service.domain.plan.dependency import Dependency, open_dependencies
from service.domain.plan.item import Item, P


@dataclass(frozen=True)
class Planning(Generic[P]):
    """``origins`` are those of the open dependencies; nodes are numbered as in ``graph``."""

    graph: Graph[P]
    origins: Mapping[Pair, Sequence[str]]
    work: Work = do_work

    @cached_property
    def team_orders(self) -> Sequence[Sequence[int]]:
        """Of what has dependencies: they lead over all others too."""
        return team_orders(self.graph.items, self.work)

    @cached_property
    def cycles(self) -> Sequence[Sequence[int]]:
        return self.work(cycles_of, self.graph.blockers, self.graph.dependents)

    @cached_property
    def components(self) -> Sequence[Sequence[int]]:
        """Strongly connected components, of two or more nodes, of dependencies and team orders together."""
        return self.work(_components, self.graph.dependents, self.team_orders)


def planning_of(edges: Iterable[Dependency]) -> Planning[Item]:
    open_edges = open_dependencies(edges)
    items = {item.id: item for edge in open_edges for item in edge[:2]}
    return plan_dependencies(items, {(edge[0].id, edge[1].id): edge.origins for edge in open_edges})


def plan_dependencies(
    items: Mapping[str, P], origins: Mapping[Pair, Sequence[str]], work: Work = do_work
) -> Planning[P]:
    """``origins`` by open dependency; ``items`` hold both ends of each."""
    return Planning(planning_graph(items, origins, work), origins, work)


def _components(dependents: Neighbours, orders: Iterable[Sequence[int]]) -> list[list[int]]:
    dependencies = ((node, dependent) for node, ends in enumerate(dependents) for dependent in ends)
    return large_components(len(dependents), chain(dependencies, *map(pairwise, orders)))
