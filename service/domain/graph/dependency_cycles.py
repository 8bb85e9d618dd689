"""Where dependency cycles are broken, so that an order exists. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from service.domain.graph.graph import Graph, Neighbours, components_among, large_components
from service.domain.graph.team_order import NEUTRAL
from service.domain.plan.item import Planned

Edge = tuple[int, int]


class Breaks(NamedTuple):
    """``dropped`` dependencies do not count; ``added`` puts the rest of a cycle before its break."""

    dropped: set[Edge]
    added: list[Edge]


def cycles_of(blockers: Neighbours, dependents: Neighbours) -> list[list[int]]:
    """Strongly connected components of two or more nodes, lowest first within each; O(V + E)."""
    between = [node for node, ends in enumerate(dependents) if ends and blockers[node]]
    edges = ((node, dependent) for node in between for dependent in dependents[node])
    return large_components(len(dependents), edges)


def break_cycles(graph: Graph[Planned], cycles: Iterable[Sequence[int]]) -> Breaks:
    """Each of ``cycles`` at its least urgent member, then what is left of it, until none is left.

    All its other members come before the one it is broken at, so of each part that is left only the
    last one needs saying. O(n (V + E)) for a cycle that has to be broken n times.
    """
    breaks = Breaks(set(), [])
    pending = list(cycles)
    while pending:
        members = set(pending.pop())
        last = _least_urgent(graph, members)
        breaks.dropped.update(
            (last, dependent) for dependent in graph.dependents[last] if dependent in members
        )
        parts = components_among(sorted(members - {last}), graph.dependents)
        breaks.added.extend((_least_urgent(graph, part), last) for part in parts)
        pending.extend(part for part in parts if len(part) > 1)
    return breaks


def back_edges(dependents: Neighbours, members: Sequence[int]) -> Iterator[Edge]:
    """Dependencies without which a cycle's members form no circle: what leads back in a depth-first walk.

    O(V + E) of the members.
    """
    unmet = set(members[1:])
    path = {members[0]: iter(dependents[members[0]])}  # in the order of the walk
    while path:
        node = next(reversed(path))
        for dependent in path[node]:
            if dependent in path:
                yield node, dependent
            elif dependent in unmet:
                unmet.discard(dependent)
                path[dependent] = iter(dependents[dependent])
                break
        else:
            del path[node]


def _least_urgent(graph: Graph[Planned], members: Iterable[int]) -> int:
    return max(members, key=lambda node: _lateness(graph, node))


def _lateness(graph: Graph[Planned], node: int) -> tuple[int, int, int]:
    """By own priority, then due (without one: first), then id."""
    item = graph.items[node]
    return (item.priority or NEUTRAL, item.due.toordinal() if item.due else 0, node)
