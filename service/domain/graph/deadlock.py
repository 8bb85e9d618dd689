"""Where the teams' own orders and the dependencies cannot all be kept. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence, Set
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from service.domain.graph.graph import Neighbours, components_among
from service.domain.graph.joint_orders import JointOrders
from service.domain.graph.planning import Planning
from service.domain.graph.short_circles import ShortCircles
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
    orders = JointOrders(
        teams, _outside(blockers, cycles), _outside(dependents, cycles), *_placed(team_orders, len(teams))
    )
    return [
        _steps(orders, _shortest_circle(orders, members))
        for members in _taken_apart(orders, components, cycles)
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


def _taken_apart(
    orders: JointOrders, components: Sequence[Sequence[int]], cycles: Sequence[Sequence[int]]
) -> Iterator[Sequence[int]]:
    on_cycles = {node for members in cycles for node in members}
    for members in components:
        if on_cycles.isdisjoint(members):
            yield members
        else:
            parts = components_among(members, orders.following(frozenset(members)))
            yield from (part for part in parts if len(part) > 1)


def _shortest_circle(orders: JointOrders, members: Sequence[int]) -> list[int]:
    """Of one component with two or more teams, from its lowest node.

    A step along a team order may jump, so no shortest circle has two of them in a row: whatever lies on one
    is entered or left by a dependency.
    """
    inside = frozenset(members)
    if circle := ShortCircles(orders, inside).lowest():
        return circle
    return search_circle(inside, partial(_steps_back, orders), orders.following, orders.crosses, 5)


def _steps_back(orders: JointOrders, left: Set[int]) -> Callable[[], Steps]:
    """Over dependencies, and along team orders to what a dependency leads to.

    What lies before a place of a team order is given once for each kind of path.
    """
    before, row = orders.before, orders.row
    rows = orders.by_row(node for node in left if not left.isdisjoint(before[node]))
    ends = {
        node: bisect_left(rows.get(row[node], ()), orders.place[node], key=orders.place.__getitem__)
        for node in left
    }

    def begin() -> Steps:
        given: dict[tuple[int, int], int] = {}

        def steps(state: int) -> Iterator[int]:
            node, has_crossed = divmod(state, 2)
            yield from before[node]
            end, kind = ends[node], (row[node], has_crossed)
            first = given.get(kind, 0)
            if first < end:
                given[kind] = end
                yield from rows[row[node]][first:end]

        return steps

    return begin


def _steps(orders: JointOrders, circle: Sequence[int]) -> list[Step]:
    return [
        Step(earlier, later, orders.is_in_order(earlier, later))
        for earlier, later in pairwise([*circle, circle[0]])
    ]
