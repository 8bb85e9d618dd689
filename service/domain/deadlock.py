"""Where the teams' own orders and the dependencies cannot all be kept. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from service.domain.graph import Graph, components
from service.domain.knot import Knot
from service.domain.net import Net


class Step(NamedTuple):
    """``earlier`` must come before ``later``: a team's order says so, else a dependency."""

    earlier: int
    later: int
    is_team_order: bool


def deadlocks(
    graph: Graph, chains: Iterable[Sequence[int]], cycles: Iterable[Sequence[int]]
) -> Iterator[list[Step]]:
    """One circle per knot of two or more teams: its shortest that joins two, lowest number first.

    ``chains`` need hold only nodes with open dependencies: a team's order leads over the others too.
    ``cycles`` are the strongly connected components of dependencies: those inside one are left out.
    """
    chains = list(chains)
    net = _net(graph, chains, cycles)
    for members in components(range(len(graph.items)), _following(net, chains)):
        if len(members) > 1 and len({net.teams[node] for node in members}) > 1:
            yield _steps(net, Knot(net, members).shortest_circle())


def _net(graph: Graph, chains: Iterable[Sequence[int]], cycles: Iterable[Sequence[int]]) -> Net:
    before, after = list(graph.blockers), list(graph.dependents)
    for members in cycles:
        inside = set(members)
        for node in members:
            before[node] = [other for other in before[node] if other not in inside]
            after[node] = [other for other in after[node] if other not in inside]
    row, place = [-1] * len(graph.items), [0] * len(graph.items)
    for number, chain in enumerate(chains):
        for at, node in enumerate(chain):
            row[node], place[node] = number, at
    return Net([item.team for item in graph.items], before, after, row, place)


def _following(net: Net, chains: Iterable[Sequence[int]]) -> list[list[int]]:
    both = [list(others) for others in net.after]
    for chain in chains:
        for earlier, later in pairwise(node for node in chain if net.before[node] or net.after[node]):
            both[earlier].append(later)
    return both


def _steps(net: Net, circle: Sequence[int]) -> list[Step]:
    around = pairwise([*circle, circle[0]])
    return [Step(earlier, later, net.is_in_order(earlier, later)) for earlier, later in around]
