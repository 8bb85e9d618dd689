"""What the overarching order must keep: dependencies and the teams' own orders, without circles. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

NOTHING = -1
"""Stands for a node where there is none."""


class Following(NamedTuple):
    """By node, what must come after it: ``chained`` in its team's own order, and ``others``.

    Nodes past the last item are gates: they stand for no item.
    """

    chained: list[int]
    others: dict[int, list[int]]

    def put(self, earlier: int, later: Iterable[int]) -> None:
        self.others.setdefault(earlier, []).extend(later)


def constraints(
    chains: Sequence[Sequence[int]],
    needs: Iterable[tuple[int, int]],
    knots: Iterable[Sequence[int]],
) -> Following:
    """Acyclic, if ``needs``, the dependencies that count, are: inside one of ``knots`` only they do.

    ``knots`` are the strongly connected components of both together, at least those of their nodes that
    have dependencies.
    """
    following = Following([NOTHING] * sum(map(len, chains)), {})
    for chain in chains:
        for earlier, later in pairwise(chain):
            following.chained[earlier] = later
    knot = {node: members[0] for members in knots for node in members}
    for chain in chains:
        if not knot.keys().isdisjoint(chain):
            _loosen(following, chain, knot)
    for earlier, later in needs:
        following.others.setdefault(earlier, []).append(later)
    return following


def _loosen(following: Following, chain: Sequence[int], knot: Mapping[int, int]) -> None:
    """Keep the chain's order only from one component to the next. It meets each in a single run."""
    runs = _runs(chain, knot)
    for run in runs:
        for node in run[:-1]:
            following.chained[node] = NOTHING
    for earlier, later in pairwise(runs):
        if len(earlier) > 1 or len(later) > 1:
            following.chained[earlier[-1]] = NOTHING
            _keep(following, earlier, later)


def _runs(chain: Sequence[int], knot: Mapping[int, int]) -> list[list[int]]:
    named = zip(_components(chain, knot), chain, strict=True)
    return [[node for _, node in run] for _, run in groupby(named, key=itemgetter(0))]


def _components(chain: Sequence[int], knot: Mapping[int, int]) -> Iterator[int]:
    """By a node of each. What stands between two of a component is of it as well."""
    last = {knot[node]: place for place, node in enumerate(chain) if node in knot}
    name, end = NOTHING, NOTHING
    for place, node in enumerate(chain):
        if place > end:
            name = knot.get(node, node)
            end = last.get(name, place)
        yield name


def _keep(following: Following, earlier: Sequence[int], later: Sequence[int]) -> None:
    """Every one of ``earlier`` before every one of ``later``; through a gate where both are many."""
    after = later
    if len(earlier) > 1 and len(later) > 1:
        after = [len(following.chained)]
        following.chained.append(NOTHING)
        following.put(after[0], later)
    for one in earlier:
        following.put(one, after)


def needed(following: Following, wanted: Sequence[int]) -> dict[int, int]:
    """``wanted`` and all that must come before them → the first place in ``wanted`` each is needed for."""
    before: dict[int, list[int]] = {}
    for node, others in following.others.items():
        for other in others:
            before.setdefault(other, []).append(node)
    previous = [NOTHING] * (len(following.chained) + 1)
    for node, later in enumerate(following.chained):
        previous[later] = node
    previous[NOTHING] = NOTHING
    found: dict[int, int] = {}
    for place, target in enumerate(wanted):
        reached = [target]
        while reached:
            node = reached.pop()
            if node != NOTHING and node not in found:
                found[node] = place
                reached += (previous[node], *before.get(node, ()))
    return found
