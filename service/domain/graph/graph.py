"""The planning graph: open items joined by open dependencies. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple

import rustworkx

from service.domain.graph.memo import Work, do_work
from service.domain.plan.item import P

Pair = tuple[str, str]
"""Item ids of a blocker and of what waits for it."""

Neighbours = Sequence[Sequence[int]]
"""By node other nodes, lowest first."""

Successors = Neighbours | Mapping[int, Sequence[int]]
"""By node what comes after it."""


class Graph(NamedTuple, Generic[P]):
    """Nodes are numbered in the order of their ids, so a tie by ids is a tie by number."""

    items: Sequence[P]
    blockers: Neighbours
    dependents: Neighbours

    def crosses(self, node: int, neighbour: int) -> bool:
        return self.items[node].team != self.items[neighbour].team


def planning_graph(items: Mapping[str, P], pairs: Collection[Pair], work: Work = do_work) -> Graph[P]:
    """Of the items that ``pairs`` join; O(V log V + E log E)."""
    ids, blockers, dependents = work(number_nodes, list(pairs))
    return Graph(list(map(items.__getitem__, ids)), blockers, dependents)


def number_nodes(pairs: Collection[Pair]) -> tuple[list[str], Neighbours, Neighbours]:
    """The ids by node, and by node its blockers and its dependents."""
    ids = sorted({end for pair in pairs for end in pair})
    number = {item_id: node for node, item_id in enumerate(ids)}
    edges = sorted((number[blocker], number[dependent]) for blocker, dependent in pairs)
    blockers = _gather(len(ids), ((dependent, blocker) for blocker, dependent in edges))
    return ids, blockers, _gather(len(ids), edges)


def _gather(size: int, edges: Iterable[tuple[int, int]]) -> Neighbours:
    """By node the ends of its edges, in their order. Most nodes have none: those share one tuple."""
    ends: dict[int, list[int]] = {}
    for node, end in edges:
        ends.setdefault(node, []).append(end)
    neighbours: list[Sequence[int]] = [()] * size
    for node, gathered in ends.items():
        neighbours[node] = gathered
    return neighbours


def components_among(nodes: Sequence[int], following: Successors) -> list[list[int]]:
    """The strongly connected components, single nodes too, of what ``nodes`` induce; O(V + E)."""
    index = {node: number for number, node in enumerate(nodes)}
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from_no_data(
        [(index[node], index[end]) for node in nodes for end in following[node] if end in index]
    )
    return [
        [nodes[number] for number in component]
        for component in rustworkx.strongly_connected_components(graph)
    ]


def large_components(size: int, edges: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The strongly connected components of two or more of ``size`` nodes, lowest first in each; O(V + E)."""
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(list(edges))
    components = rustworkx.strongly_connected_components(graph)
    return [sorted(component) for component in components if len(component) > 1]


def lowest_downstream(blockers: Neighbours, values: Sequence[int | None]) -> list[int | None]:
    """For each node, which node downstream of it has the lowest value; None when none has any.

    On equal values it is the one with the lowest number. A node is downstream of itself only on
    a cycle. The lowest value claims all nodes upstream of it, then the next what is left:
    O(V log V + E), whatever the cycles.
    """
    sources: list[int | None] = [None] * len(blockers)
    valued = [(value, node) for node, value in enumerate(values) if value is not None and blockers[node]]
    for _, source in sorted(valued):
        reached = [source]
        while reached:
            for blocker in blockers[reached.pop()]:
                if sources[blocker] is None:
                    sources[blocker] = source
                    reached.append(blocker)
    return sources


class Lowest(NamedTuple):
    """By node the lowest value among its own and those downstream; whose it is, where that is another's."""

    values: list[int | None]
    sources: Mapping[int, int]


def lowest(blockers: Neighbours, own: Sequence[int | None], downstream: Sequence[int | None]) -> Lowest:
    """A node's own value goes before an equal one; ``downstream`` are the values that count for others."""
    values, sources = list(own), dict[int, int]()
    for node, source in enumerate(lowest_downstream(blockers, downstream)):
        if source is None:
            continue
        mine, theirs = own[node], downstream[source]
        if theirs is not None and (mine is None or theirs < mine):
            values[node], sources[node] = theirs, source
    return Lowest(values, sources)
