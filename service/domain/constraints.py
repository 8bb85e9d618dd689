"""What the overarching order must keep: dependencies and the teams' own orders, without circles. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise, product

from service.domain.cycles import Breaks
from service.domain.graph import Graph, components

Following = list[list[int]]
"""By node, what must come after it. Nodes past the last item are gates: they stand for no item."""


def constraints(graph: Graph, chains: Iterable[Sequence[int]], breaks: Breaks) -> Following:
    """Acyclic. Inside a strongly connected component of both together only dependencies count."""
    chains = list(chains)
    following: Following = [[] for _ in graph.items]
    for node, dependents in enumerate(graph.dependents):
        following[node].extend(other for other in dependents if (node, other) not in breaks.dropped)
    for earlier, later in breaks.added:
        following[earlier].append(later)
    knot = _knots(graph, chains)
    for chain in chains:
        runs = [list(run) for _, run in groupby(chain, key=knot.__getitem__)]
        for earlier_run, later_run in pairwise(runs):
            _keep(following, earlier_run, later_run)
    return following


def _knots(graph: Graph, chains: Iterable[Sequence[int]]) -> list[int]:
    """By node, the number of its strongly connected component. A chain meets one in a single run."""
    both: Following = [list(dependents) for dependents in graph.dependents]
    for chain in chains:
        for earlier, later in pairwise(chain):
            both[earlier].append(later)
    knot = [0] * len(both)
    for number, members in enumerate(components(range(len(both)), both)):
        for node in members:
            knot[node] = number
    return knot


def _keep(following: Following, earlier: Sequence[int], later: Sequence[int]) -> None:
    """Every one of ``earlier`` before every one of ``later``; through a gate where both are many."""
    if len(earlier) == 1 or len(later) == 1:
        for one, other in product(earlier, later):
            following[one].append(other)
        return
    gate = len(following)
    following.append(list(later))
    for one in earlier:
        following[one].append(gate)


def needed(following: Following, wanted: Sequence[int]) -> dict[int, int]:
    """``wanted`` and all that must come before them → the first place in ``wanted`` each is needed for."""
    before: Following = [[] for _ in following]
    for node, others in enumerate(following):
        for other in others:
            before[other].append(node)
    found: dict[int, int] = {}
    for place, target in enumerate(wanted):
        reached = [target]
        while reached:
            node = reached.pop()
            if node not in found:
                found[node] = place
                reached.extend(before[node])
    return found
