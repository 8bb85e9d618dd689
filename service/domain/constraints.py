"""What the overarching order must keep: dependencies and the teams' own orders, without circles. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby, pairwise, product

from service.domain.cycles import Breaks
from service.domain.graph import Graph, components

Following = list[list[int]]
"""By node, what must come after it. Nodes past the last item are gates: they stand for no item."""


def constraints(graph: Graph, chains: Iterable[Sequence[int]], breaks: Breaks) -> Following:
    """Acyclic. Inside a strongly connected component of both together only dependencies count."""
    following: Following = [list(dependents) for dependents in graph.dependents]
    chains = list(chains)
    for chain in chains:
        for earlier, later in pairwise(chain):
            following[earlier].append(later)
    knot = _knots(following)
    for chain in chains:
        if not knot.keys().isdisjoint(chain):
            _loosen(following, chain, knot)
    for node in {one for one, _ in breaks.dropped}:
        following[node] = [other for other in following[node] if (node, other) not in breaks.dropped]
    for earlier, later in breaks.added:
        following[earlier].append(later)
    return following


def _knots(following: Following) -> dict[int, int]:
    """Of nodes that lie on circles, one of their strongly connected component."""
    found = components(range(len(following)), following)
    return {node: members[0] for members in found if len(members) > 1 for node in members}


def _loosen(following: Following, chain: Sequence[int], knot: Mapping[int, int]) -> None:
    """Keep the chain's order only from one component to the next. It meets each in a single run."""
    runs = [list(run) for _, run in groupby(chain, key=lambda node: knot.get(node, node))]
    for run in runs:
        for earlier, later in pairwise(run):
            following[earlier].remove(later)
    for earlier_run, later_run in pairwise(runs):
        if len(earlier_run) > 1 or len(later_run) > 1:
            following[earlier_run[-1]].remove(later_run[0])
            _keep(following, earlier_run, later_run)


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
