"""Where the teams' own orders and the dependencies cannot all be kept. Pure."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from service.domain.graph.graph import components_among
from service.domain.graph.net import Net
from service.domain.graph.planning import Planning
from service.domain.graph.shortest_circle import Knot
from service.domain.plan.item import Planned


class Step(NamedTuple):
    """``earlier`` must come before ``later``: a team's order says so, else a dependency."""

    earlier: int
    later: int
    is_team_order: bool


def deadlocks(planning: Planning[Planned]) -> Iterator[list[Step]]:
    """One circle per knot of two or more teams: its shortest that joins two, lowest number first.

    Dependencies inside a cycle are left out, which takes nothing but knots with cycles apart.
    """
    net = _net(planning)
    for members in _knots(planning, net):
        if len({net.teams[node] for node in members}) > 1:
            yield _steps(net, Knot(net, members).shortest_circle())


def _net(planning: Planning[Planned]) -> Net:
    graph = planning.graph
    before, after = list(graph.blockers), list(graph.dependents)
    for members in planning.cycles:
        inside = set(members)
        for node in members:
            before[node] = [other for other in before[node] if other not in inside]
            after[node] = [other for other in after[node] if other not in inside]
    row, place = [-1] * len(graph.items), [0] * len(graph.items)
    for number, chain in enumerate(planning.team_orders):
        for at, node in enumerate(chain):
            row[node], place[node] = number, at
    return Net([item.team for item in graph.items], before, after, row, place)


def _knots(planning: Planning[Planned], net: Net) -> Iterator[Sequence[int]]:
    on_cycles = {node for members in planning.cycles for node in members}
    for members in planning.components:
        if on_cycles.isdisjoint(members):
            yield members
        else:
            yield from (part for part in components_among(members, _following(net, members)) if len(part) > 1)


def _following(net: Net, members: Sequence[int]) -> dict[int, list[int]]:
    both = {node: list(net.after[node]) for node in members}
    tied = (node for node in members if net.before[node] or net.after[node])
    for earlier, later in pairwise(sorted(tied, key=lambda node: (net.row[node], net.place[node]))):
        if net.row[earlier] == net.row[later]:
            both[earlier].append(later)
    return both


def _steps(net: Net, circle: Sequence[int]) -> list[Step]:
    around = pairwise([*circle, circle[0]])
    return [Step(earlier, later, net.is_in_order(earlier, later)) for earlier, later in around]
