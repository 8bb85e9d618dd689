"""The strongly connected components of a graph that changes little by little. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import rustworkx

Arc = tuple[int, int]

_Reach = Callable[[rustworkx.PyDiGraph, int], set[int]]

_FEW = 8  # arcs that are followed one by one before everything is looked at


@dataclass(frozen=True, slots=True)
class Knots:
    """``of`` names each node's component by its lowest node; ``members`` are of those with two or more."""

    graph: rustworkx.PyDiGraph
    of: Sequence[int] = ()
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)


def no_knots() -> Knots:
    return Knots(rustworkx.PyDiGraph())


def knots_after(
    before: Knots,
    size: int,
    added: Collection[Arc],
    removed: Collection[Arc],
    apart: Sequence[int] | None = None,
) -> Knots:
    """Arcs may run beside each other: each of ``removed`` takes one away.

    Only what lies on a new way back, and knots that lost an arc, may be of another knot than they were.
    Nodes with different names in ``apart`` are known not to be of one knot.
    """
    more = range(len(before.of), size)
    if not more and not added and not removed:
        return before
    graph = before.graph.copy()
    graph.add_nodes_from(more)
    graph.add_edges_from_no_data(list(added))
    for one, other in removed:
        graph.remove_edge(one, other)
    of = [*before.of, *more]
    joining = [arc for arc in added if of[arc[0]] != of[arc[1]]]
    if apart is not None:
        joining = [arc for arc in joining if apart[arc[0]] == apart[arc[1]]]
    nodes = _on_ways_back(graph, joining)
    cut = {of[one] for one, other in removed if of[one] == of[other]}
    nodes.update(*(before.members[name] for name in cut))
    is_one = len(joining) == 1 and not cut  # a single way back joins all that lies on it
    members = _tied(of, before.members, nodes, [nodes] if is_one else _components(graph, nodes))
    return Knots(graph, of, before.members if members == before.members else members)


def _on_ways_back(graph: rustworkx.PyDiGraph, arcs: Collection[Arc]) -> set[int]:
    """What leads from an end of these arcs to a start of them."""
    if len(arcs) > _FEW:
        return set(graph.node_indices())
    after = _reached(rustworkx.descendants, graph, {end for _, end in arcs})
    before = _reached(rustworkx.ancestors, graph, after.intersection(start for start, _ in arcs))
    return before & after if before else before


def _reached(from_one: _Reach, graph: rustworkx.PyDiGraph, starts: Iterable[int]) -> set[int]:
    found: set[int] = set()
    for start in starts:
        if start not in found:
            more = from_one(graph, start)
            more.add(start)
            more |= found
            found = more
    return found


def _components(graph: rustworkx.PyDiGraph, among: Iterable[int]) -> list[list[int]]:
    part = graph.subgraph(list(among))
    number = part.nodes()
    found = rustworkx.strongly_connected_components(part)
    return [[number[place] for place in places] for places in found if len(places) > 1]


def _tied(
    of: list[int],
    members: Mapping[int, Sequence[int]],
    among: Iterable[int],
    components: Iterable[Collection[int]],
) -> Mapping[int, Sequence[int]]:
    """The members of knots, where those among some nodes are others; ``of`` is brought up to date."""
    found = dict(members)
    for node in among:
        found.pop(of[node], None)
        of[node] = node
    for nodes in map(sorted, filter(None, components)):
        found[nodes[0]] = nodes
        for node in nodes:
            of[node] = nodes[0]
    return found


def successive(rows: Iterable[Sequence[int]]) -> set[Arc]:
    """Each one of a row before the next."""
    return {arc for row in rows for arc in pairwise(row)}
