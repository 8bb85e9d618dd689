"""Where dependency cycles are broken, so that an order exists. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from service.domain.graph.graph import Graph, components, knotted
from service.domain.graph.team_order import NEUTRAL

Arc = tuple[int, int]


class Breaks(NamedTuple):
    """``dropped`` dependencies do not count; ``added`` puts the rest of a cycle before its break."""

    dropped: set[Arc]
    added: list[Arc]


def cycles_of(graph: Graph) -> list[list[int]]:
    """Strongly connected components of two or more nodes, lowest first within each."""
    between = [node for node, after in enumerate(graph.dependents) if after and graph.blockers[node]]
    arcs = ((node, other) for node in between for other in graph.dependents[node])
    return knotted(len(graph.items), arcs)


def break_cycles(graph: Graph, cycles: Iterable[Sequence[int]]) -> Breaks:
    """Each of ``cycles`` at its least urgent member, then what is left of it, until none is left.

    All its other members come before the one it is broken at, so of each part that is left only the
    last one needs saying.
    """
    breaks = Breaks(set(), [])
    pending = list(cycles)
    while pending:
        members = set(pending.pop())
        last = _least_urgent(graph, members)
        breaks.dropped.update((last, other) for other in graph.dependents[last] if other in members)
        parts = components(sorted(members - {last}), graph.dependents)
        breaks.added.extend((_least_urgent(graph, part), last) for part in parts)
        pending.extend(part for part in parts if len(part) > 1)
    return breaks


def back_arcs(graph: Graph, members: Sequence[int]) -> Iterator[Arc]:
    """Dependencies without which a cycle's members form no circle: a walk from the first finds them."""
    unmet = set(members[1:])
    way = {members[0]: iter(graph.dependents[members[0]])}  # in the order of the walk
    while way:
        node = next(reversed(way))
        for other in way[node]:
            if other in way:
                yield node, other
            elif other in unmet:
                unmet.discard(other)
                way[other] = iter(graph.dependents[other])
                break
        else:
            del way[node]


def _least_urgent(graph: Graph, members: Iterable[int]) -> int:
    return max(members, key=lambda node: _lateness(graph, node))


def _lateness(graph: Graph, node: int) -> tuple[int, int, int]:
    """By own priority, then due (without one: first), then id."""
    item = graph.items[node]
    return (item.priority or NEUTRAL, item.due.toordinal() if item.due else 0, node)
