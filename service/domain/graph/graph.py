"""The planning graph: open items joined by open dependencies. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

import rustworkx

from service.domain.plan.dependency import Edge
from service.domain.plan.item import Item

Successors = Sequence[Sequence[int]] | Mapping[int, Sequence[int]]
"""By node what comes after it."""


class Graph(NamedTuple):
    """Nodes are numbered in the order of their ids, so a tie by ids is a tie by number.

    ``blockers[n]`` and ``dependents[n]`` are the numbers of n's neighbours, lowest first.
    """

    items: Sequence[Item]
    blockers: Sequence[Sequence[int]]
    dependents: Sequence[Sequence[int]]

    def crosses(self, one: int, other: int) -> bool:
        return self.items[one].team != self.items[other].team


def planning_graph(open_edges: Sequence[Edge]) -> Graph:
    """Only items that have an open dependency."""
    items = {item[0]: item for edge in open_edges for item in edge[:2]}
    nodes = sorted(items.values(), key=itemgetter(0))
    number = {item[0]: node for node, item in enumerate(nodes)}
    arcs = sorted((number[blocker[0]], number[dependent[0]]) for blocker, dependent, *_ in open_edges)
    blockers = _gathered(len(nodes), ((dependent, blocker) for blocker, dependent in arcs))
    return Graph(nodes, blockers, _gathered(len(nodes), arcs))


def _gathered(size: int, pairs: Iterable[tuple[int, int]]) -> list[Sequence[int]]:
    """By node what pairs give it, in their order. Most nodes have nothing: those share one tuple."""
    told: dict[int, list[int]] = {}
    for node, other in pairs:
        told.setdefault(node, []).append(other)
    found: list[Sequence[int]] = [()] * size
    for node, others in told.items():
        found[node] = others
    return found


def components(nodes: Sequence[int], following: Successors) -> list[list[int]]:
    """The strongly connected components, single nodes too, of what ``nodes`` induce."""
    place = {node: index for index, node in enumerate(nodes)}
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from_no_data(
        [(place[node], place[other]) for node in nodes for other in following[node] if other in place]
    )
    return [[nodes[index] for index in found] for found in rustworkx.strongly_connected_components(graph)]


def knotted(size: int, arcs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The strongly connected components of two or more among nodes up to ``size``, lowest first in each."""
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(list(arcs))
    return [sorted(found) for found in rustworkx.strongly_connected_components(graph) if len(found) > 1]


def lowest_downstream(graph: Graph, values: Sequence[int | None]) -> list[int | None]:
    """For each node, which node downstream of it has the lowest value; None when none has any.

    On equal values it is the one with the lowest number. A node is downstream of itself only on
    a cycle. The lowest value claims all nodes upstream of it, then the next what is left: linear,
    whatever the cycles.
    """
    found: list[int | None] = [None] * len(graph.items)
    blockers = graph.blockers
    told = [(value, node) for node, value in enumerate(values) if value is not None and blockers[node]]
    for _, source in sorted(told):
        reached = [source]
        while reached:
            for blocker in blockers[reached.pop()]:
                if found[blocker] is None:
                    found[blocker] = source
                    reached.append(blocker)
    return found


class Lowest(NamedTuple):
    """By node the lowest value among its own and those downstream; whose it is, where that is another's."""

    values: list[int | None]
    sources: Mapping[int, int]


def lowest(graph: Graph, own: Sequence[int | None], downstream: Sequence[int | None]) -> Lowest:
    """A node's own value goes before an equal one; ``downstream`` are the values that count for others."""
    values, sources = list(own), dict[int, int]()
    for node, source in enumerate(lowest_downstream(graph, downstream)):
        if source is None:
            continue
        mine, theirs = own[node], downstream[source]
        if theirs is not None and (mine is None or theirs < mine):
            values[node], sources[node] = theirs, source
    return Lowest(values, sources)
