"""Shortest paths that cross from one team to another. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from service.domain.graph.graph import Graph
from service.domain.plan.item import Planned


class Distance(NamedTuple):
    level: int
    steps: int


class Approach:
    """How far nodes are from targets, over any path and over paths that cross teams.

    Targets are spread level by level, the lowest first: a node belongs to the lowest level it
    can reach, and within it to the nearest target. A state is ``2 * node + 1`` for paths that
    must cross, ``2 * node`` for any path.
    """

    def __init__(self, graph: Graph[Planned], within: frozenset[int] | None = None) -> None:
        self._graph = graph
        self._within = within
        self._reached: dict[int, Distance] = {}

    def spread(self, targets: Iterable[int], level: int = 0, limit: float = float("inf")) -> None:
        """Walk against the edges from ``targets``, at most ``limit`` steps."""
        frontier = [2 * node for node in targets if 2 * node not in self._reached]
        distance = Distance(level, 0)
        self._reached.update(dict.fromkeys(frontier, distance))
        while frontier and distance.steps < limit:
            distance = Distance(level, distance.steps + 1)
            frontier = self._step(frontier, distance)

    def crossing(self, node: int) -> Distance | None:
        """Of the shortest path from ``node`` that crosses teams; one edge or more."""
        return self._reached.get(2 * node + 1)

    def path(self, node: int) -> list[int]:
        """The shortest crossing path from ``node`` to its target, both included; ties by number."""
        state, found = 2 * node + 1, [node]
        while self._reached[state].steps:
            state = self._next(state)
            found.append(state // 2)
        return found

    def _step(self, frontier: list[int], distance: Distance) -> list[int]:
        reached = []
        for state in frontier:
            node = state // 2
            for blocker in self._graph.blockers[node]:
                if self._within is not None and blocker not in self._within:
                    continue
                for earlier in self._earlier(state, blocker):
                    if earlier not in self._reached:
                        self._reached[earlier] = distance
                        reached.append(earlier)
        return reached

    def _earlier(self, state: int, blocker: int) -> tuple[int, ...]:
        if state % 2:
            return (2 * blocker + 1,)
        if self._graph.crosses(blocker, state // 2):
            return (2 * blocker, 2 * blocker + 1)
        return (2 * blocker,)

    def _next(self, state: int) -> int:
        level, steps = self._reached[state]
        wanted = Distance(level, steps - 1)
        node, must_cross = divmod(state, 2)
        for dependent in self._graph.dependents[node]:
            later = 2 * dependent + (must_cross and not self._graph.crosses(node, dependent))
            if self._reached.get(later) == wanted:
                return later
            if later % 2 == 0 and must_cross and self._reached.get(later + 1) == wanted:
                return later + 1
        raise AssertionError("every state was reached from the one after it")


def shortest_circle(graph: Graph[Planned], members: Iterable[int]) -> list[int]:
    """The shortest circle with two or more teams inside a strongly connected component.

    It starts at its lowest node; of several as short the one that compares lowest. ``members``
    must belong to two or more teams. Each node is left out once it was tried, with whatever then
    lies on no circle any more, so a ring of thousands is walked once.
    """
    left = set(members)
    best: list[int] = []
    for start in sorted(left):
        if start not in left:
            continue
        approach = Approach(graph, frozenset(left))
        approach.spread([start], limit=len(best) - 2 if best else float("inf"))
        if approach.crossing(start):
            best = approach.path(start)
        _leave_out(graph, left, start)
    return best[:-1]


def _leave_out(graph: Graph[Planned], left: set[int], node: int) -> None:
    pending = [node]
    while pending:
        gone = pending.pop()
        if gone not in left:
            continue
        left.discard(gone)
        around = (*graph.blockers[gone], *graph.dependents[gone])
        pending.extend(n for n in around if n in left and not _may_lie_on_a_circle(graph, left, n))


def _may_lie_on_a_circle(graph: Graph[Planned], left: set[int], node: int) -> bool:
    return any(other in left for other in graph.blockers[node]) and any(
        other in left for other in graph.dependents[node]
    )
