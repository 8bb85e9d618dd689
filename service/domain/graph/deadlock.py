"""Where the teams' own orders and the dependencies cannot all be kept. Pure."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from service.domain.graph.graph import Neighbours, components_among
from service.domain.graph.planning import Planning
from service.domain.graph.shortest_paths import Steps, search_circle
from service.domain.plan.item import P


class Step(NamedTuple):
    """``earlier`` must come before ``later``: a team's order says so, else a dependency."""

    earlier: int
    later: int
    is_team_order: bool


def deadlocks(planning: Planning[P]) -> Sequence[Sequence[Step]]:
    """One circle per strongly connected component of two or more teams: its shortest, of several the lowest.

    Dependencies inside a cycle are left out, which takes nothing but components with cycles apart.
    """
    graph = planning.graph
    teams = [item.team for item in graph.items]
    return planning.work(
        _deadlocks,
        teams,
        graph.blockers,
        graph.dependents,
        planning.cycles,
        planning.components,
        planning.team_orders,
    )


def _deadlocks(
    teams: Sequence[str],
    blockers: Neighbours,
    dependents: Neighbours,
    cycles: Sequence[Sequence[int]],
    components: Sequence[Sequence[int]],
    team_orders: Sequence[Sequence[int]],
) -> list[list[Step]]:
    constraints = _Constraints(
        teams, _outside(blockers, cycles), _outside(dependents, cycles), *_placed(team_orders, len(teams))
    )
    return [
        constraints.steps(_Component(constraints, members).shortest_circle())
        for members in _taken_apart(constraints, components, cycles)
        if len({teams[node] for node in members}) > 1
    ]


def _outside(neighbours: Neighbours, cycles: Sequence[Sequence[int]]) -> Neighbours:
    """Without what is inside a cycle."""
    outside = list(neighbours)
    for members in cycles:
        inside = set(members)
        for node in members:
            outside[node] = [end for end in neighbours[node] if end not in inside]
    return outside


def _placed(team_orders: Sequence[Sequence[int]], size: int) -> tuple[list[int], list[int]]:
    rows, places = [-1] * size, [0] * size
    for row, order in enumerate(team_orders):
        for place, node in enumerate(order):
            rows[node], places[node] = row, place
    return rows, places


class _Constraints(NamedTuple):
    """By node: its team, the nodes a dependency puts before and after it, and its team's order.

    A node comes before all of the same ``row`` with a later ``place``.
    """

    teams: Sequence[str]
    before: Neighbours
    after: Neighbours
    row: Sequence[int]
    place: Sequence[int]

    def crosses(self, node: int, neighbour: int) -> bool:
        return self.teams[node] != self.teams[neighbour]

    def is_in_order(self, earlier: int, later: int) -> bool:
        return self.row[earlier] == self.row[later] and self.place[earlier] < self.place[later]

    def steps(self, circle: Sequence[int]) -> list[Step]:
        around = pairwise([*circle, circle[0]])
        return [Step(earlier, later, self.is_in_order(earlier, later)) for earlier, later in around]

    def following(self, members: Iterable[int]) -> dict[int, list[int]]:
        """Dependents, and in the team's order the next that has dependencies."""
        tied = [node for node in members if self.before[node] or self.after[node]]
        following = {node: list(self.after[node]) for node in members}
        for earlier, later in pairwise(sorted(tied, key=lambda node: (self.row[node], self.place[node]))):
            if self.row[earlier] == self.row[later]:
                following[earlier].append(later)
        return following


def _taken_apart(
    constraints: _Constraints, components: Sequence[Sequence[int]], cycles: Sequence[Sequence[int]]
) -> Iterator[Sequence[int]]:
    on_cycles = {node for members in cycles for node in members}
    for members in components:
        if on_cycles.isdisjoint(members):
            yield members
        else:
            parts = components_among(members, constraints.following(members))
            yield from (part for part in parts if len(part) > 1)


class _Component:
    """A strongly connected component of dependencies and team orders, with two or more teams.

    A step along a team order may jump, so no shortest circle has two of them in a row: whatever lies on one
    is entered or left by a dependency.
    """

    def __init__(self, constraints: _Constraints, members: Sequence[int]) -> None:
        self._constraints = constraints
        self._members = frozenset(members)

    def shortest_circle(self) -> list[int]:
        """From its lowest node. None has less than three: the two teams, and a step within one of them."""
        if triangle := min(self._triangles(), default=None):
            return triangle
        constraints = self._constraints
        return search_circle(self._members, self._steps_back, constraints.following, constraints.crosses, 4)

    def _triangles(self) -> Iterator[list[int]]:
        """At least the lowest circle of three.

        An item waits for one of another team, and an earlier one of that team's order waits for it. They are
        found from dependencies alone, O(E log E); a search would follow whole team orders from many a node.
        """
        teams, before, after, _, place = self._constraints
        for node in self._members:
            into, out = self._by_row(before[node]), self._by_row(after[node])
            for row in into.keys() & out.keys():
                if teams[into[row][0]] != teams[node]:
                    for earlier, later in lowest_pairs(out[row], into[row], place):
                        circle = [earlier, later, node]
                        turn = circle.index(min(circle))
                        yield circle[turn:] + circle[:turn]

    def _by_row(self, nodes: Iterable[int]) -> dict[int, list[int]]:
        """By place."""
        rows: dict[int, list[int]] = {}
        for node in sorted(nodes, key=self._constraints.place.__getitem__):
            if node in self._members:
                rows.setdefault(self._constraints.row[node], []).append(node)
        return rows

    def _steps_back(self, left: Collection[int]) -> Steps:
        """Over dependencies, and along team orders to what a dependency leads to.

        What lies before a place of a team order is given once for each kind of path.
        """
        before, row, place = self._constraints.before, self._constraints.row, self._constraints.place
        rows = self._by_row(node for node in left if before[node])
        places = {number: [place[node] for node in nodes] for number, nodes in rows.items()}
        given: dict[tuple[int, int], int] = {}

        def steps(state: int) -> Iterator[int]:
            node, has_crossed = divmod(state, 2)
            yield from before[node]
            number = row[node]
            if number in rows:
                first, end = given.get((number, has_crossed), 0), bisect_left(places[number], place[node])
                if first < end:
                    given[number, has_crossed] = end
                    yield from rows[number][first:end]

        return steps


def lowest_pairs(
    earlier: Sequence[int], later: Sequence[int], place: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """For each of one row's ``earlier`` the lowest of ``later`` behind it, and the other way round."""
    lowest_earlier = list(accumulate(earlier, min))
    lowest_later = list(accumulate(reversed(later), min))[::-1]
    for node in later:
        count = bisect_left(earlier, place[node], key=place.__getitem__)
        if count:
            yield lowest_earlier[count - 1], node
    for node in earlier:
        count = bisect_left(later, place[node], key=place.__getitem__)
        if count < len(later):
            yield node, lowest_later[count]
