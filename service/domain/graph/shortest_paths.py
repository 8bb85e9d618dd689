"""Shortest paths that cross from one team to another, and shortest circles that do. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from math import inf

from service.domain.graph.graph import Graph, Successors, components_among
from service.domain.plan.item import Planned

Steps = Callable[[int], Iterable[int]]
"""The nodes one step away from a state's node. It need not give again what it gave in the same search."""

_STATES_A_SPLIT = 6  # reached by node that is left, which take as long as to see what lies on circles


class Search:
    """Breadth-first over nodes and whether the path crosses teams, O(V + E): all on their shortest paths.

    A state is ``2 * node + 1`` for paths that cross teams, ``2 * node`` for any path. ``came_from`` leads
    from each, in the order in which they were reached, to the one before it; from a start to -1.
    """

    def __init__(
        self, steps: Steps, crosses: Callable[[int, int], bool], within: Collection[int] | None = None
    ) -> None:
        self._steps = steps
        self._crosses = crosses
        self._within = within
        self.came_from: dict[int, int] = {}

    def spread_on(self, starts: Iterable[int]) -> None:
        """Paths lead from a start; of several as short the one whose first nodes are the lowest.

        Where that one crosses teams it leads to the state that says so, and to no other of its node.
        """
        self._spread(starts, self._step_on, inf, None)

    def spread_back(self, starts: Iterable[int], limit: float = inf, until: int | None = None) -> None:
        """Steps are taken backwards, so paths lead to a start; again those whose first nodes are the lowest.

        What an earlier call reached is not reached again. At most ``limit`` steps, or ``until`` a state.
        """
        self._spread(starts, self._step_back, limit, until)

    def path(self, state: int) -> list[int]:
        """The nodes from a state to a start, both included."""
        nodes = []
        while state >= 0:
            nodes.append(state // 2)
            state = self.came_from[state]
        return nodes

    def starts(self) -> Mapping[int, int]:
        """By state the start that its path leads to."""
        starts: dict[int, int] = {}
        for state, before in self.came_from.items():
            starts[state] = state // 2 if before < 0 else starts[before]
        return starts

    def _spread(
        self,
        starts: Iterable[int],
        step: Callable[[list[int]], list[int]],
        limit: float,
        until: int | None,
    ) -> None:
        frontier = [2 * node for node in starts if 2 * node not in self.came_from]
        self.came_from.update(dict.fromkeys(frontier, -1))
        steps = 0
        while frontier and steps < limit and until not in self.came_from:
            frontier = step(frontier)
            steps += 1

    def _step_on(self, frontier: list[int]) -> list[int]:
        came_from, within = self.came_from, self._within
        reached = []
        for state in frontier:
            node, has_crossed = divmod(state, 2)
            for neighbour in self._steps(state):
                if within is not None and neighbour not in within:
                    continue
                crossing = 2 * neighbour + 1
                beyond = crossing if has_crossed or self._crosses(node, neighbour) else crossing - 1
                if crossing not in came_from and beyond not in came_from:
                    came_from[beyond] = state
                    reached.append(beyond)
        return reached

    def _step_back(self, frontier: list[int]) -> list[int]:
        came_from, within = self.came_from, self._within
        reached = []
        for state in sorted(frontier):
            node, has_crossed = divmod(state, 2)
            for neighbour in self._steps(state):
                if within is not None and neighbour not in within:
                    continue
                beyond = 2 * neighbour
                if not has_crossed and beyond not in came_from:
                    came_from[beyond] = state
                    reached.append(beyond)
                if beyond + 1 not in came_from and (has_crossed or self._crosses(node, neighbour)):
                    came_from[beyond + 1] = state
                    reached.append(beyond + 1)
        return reached


def shortest_circle(graph: Graph[Planned], members: Collection[int]) -> list[int]:
    """Of dependencies, with two or more teams, inside one of their strongly connected components.

    It starts at its lowest node; of several as short it is the one that compares lowest. ``members``
    must belong to two or more teams.
    """

    def steps(state: int) -> Sequence[int]:
        return graph.blockers[state // 2]

    return search_circle(members, lambda _: lambda: steps, lambda _: graph.dependents, graph.crosses, 2)


def search_circle(
    members: Collection[int],
    steps_back: Callable[[Set[int]], Callable[[], Steps]],
    following: Callable[[Set[int]], Successors],
    crosses: Callable[[int, int], bool],
    shortest: int,
) -> list[int]:
    """The shortest circle with two or more teams among ``members``; of several as short the lowest.

    Every node is tried as the lowest of a circle, O(V (V + E)) at worst; but no further than the best one
    found so far, and ``shortest`` says when there can be none shorter. What lies on no circle once the tried
    are left out is left out as well, each time that the searches have cost as much as it takes to see it, so
    a ring of thousands is walked once. ``steps_back`` gives what begins a search among what is left,
    ``following`` steps forward that have the same strongly connected components.
    """
    left, cost = _on_circles(set(members), following), 0
    begin = steps_back(left)
    best: list[int] = []
    for start in sorted(left):
        if start not in left:
            continue
        search = Search(begin(), crosses, left)
        search.spread_back([start], len(best) - 1 if best else inf, until=2 * start + 1)
        if 2 * start + 1 in search.came_from:
            best = search.path(2 * start + 1)[:-1]
        if best and len(best) <= shortest:
            break
        left.discard(start)
        cost += len(search.came_from)
        if cost > _STATES_A_SPLIT * len(left):
            left, cost = _on_circles(left, following), 0
            begin = steps_back(left)
    return best


def _on_circles(nodes: Set[int], following: Callable[[Set[int]], Successors]) -> set[int]:
    parts = components_among(sorted(nodes), following(nodes))
    return {node for part in parts if len(part) > 1 for node in part}
