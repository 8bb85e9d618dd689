"""The strongly connected components of a graph that changes little by little. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import rustworkx

Arc = tuple[int, int]

_FEW = 8  # ways that are looked for one by one before everything is looked at
_FEW_BACK = 4  # … that would lead back: mostly there is none, and to see that takes long


@dataclass(frozen=True, slots=True)
class Knots:
    """``of`` names each node's component by its lowest node; ``members`` are of those with two or more."""

    graph: rustworkx.PyDiGraph
    of: Sequence[int] = ()
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)


def no_knots() -> Knots:
    return Knots(rustworkx.PyDiGraph())


def knots_after(before: Knots, size: int, added: Collection[Arc], removed: Collection[Arc]) -> Knots:
    """Arcs may run beside each other: each of ``removed`` takes one away."""
    more = range(len(before.of), size)
    if not more and not added and not removed:
        return before
    graph = before.graph.copy()
    graph.add_nodes_from(more)
    graph.add_edges_from_no_data(list(added))
    for one, other in removed:
        graph.remove_edge(one, other)
    of = [*before.of, *more]
    if _joins_any(graph, [arc for arc in added if of[arc[0]] != of[arc[1]]]):
        return _found(graph)
    return _held(graph, of, before.members, {arc for arc in removed if of[arc[0]] == of[arc[1]]})


def _joins_any(graph: rustworkx.PyDiGraph, between: Sequence[Arc]) -> bool:
    """Whether a way leads back over one of these arcs between knots."""
    return len(between) > _FEW_BACK or any(rustworkx.has_path(graph, other, one) for one, other in between)


def _held(
    graph: rustworkx.PyDiGraph, of: list[int], members: Mapping[int, Sequence[int]], cut: Collection[Arc]
) -> Knots:
    """A knot holds without some arcs, and without nodes that have none left, where other ways lead as far."""
    loose = {end for arc in cut for end in arc if not graph.in_degree(end) + graph.out_degree(end)}
    ways = set(_ways(cut, loose))
    if len(ways) > _FEW or any(of[node] == node for node in loose) or not _all_there(graph, ways, loose):
        return _found(graph)
    if not loose:
        return Knots(graph, of, members)
    left = {**members}
    for name in {of[node] for node in loose}:
        left[name] = [node for node in members[name] if node not in loose]
        if len(left[name]) == 1:
            del left[name]
    for node in loose:
        of[node] = node
    return Knots(graph, of, left)


def _ways(cut: Collection[Arc], loose: Collection[int]) -> Iterator[Arc]:
    """What was joined over the arcs that are no more."""
    for one, other in cut:
        if other not in loose:
            if one not in loose:
                yield one, other
            continue
        yield from ((one, last) for middle, last in cut if middle == other)


def _all_there(graph: rustworkx.PyDiGraph, ways: Iterable[Arc], loose: Collection[int]) -> bool:
    """Not where two nodes that follow each other are loose."""
    return all(one not in loose and other not in loose and _leads(graph, one, other) for one, other in ways)


def _leads(graph: rustworkx.PyDiGraph, one: int, other: int) -> bool:
    return one == other or graph.has_edge(one, other) or bool(rustworkx.has_path(graph, one, other))


def _found(graph: rustworkx.PyDiGraph) -> Knots:
    of = list(range(len(graph)))
    members = {}
    for found in rustworkx.strongly_connected_components(graph):
        if len(found) > 1:
            nodes = sorted(found)
            members[nodes[0]] = nodes
            for node in nodes:
                of[node] = nodes[0]
    return Knots(graph, of, members)


def successive(rows: Iterable[Sequence[int]]) -> set[Arc]:
    """Each one of a row before the next."""
    return {arc for row in rows for arc in pairwise(row)}
