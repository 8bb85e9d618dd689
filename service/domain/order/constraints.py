"""What the overarching order must keep: dependencies and the teams' own orders, without circles. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count, islice, pairwise
from operator import ne
from typing import NamedTuple

import numpy as np

NOTHING = -1
"""Stands for a node where there is none. Nodes are numbered from 0."""


class Gate(NamedTuple):
    """Between the nodes of one run of a chain and those of the next."""

    before: Sequence[int]
    run: Sequence[int]


class Following(NamedTuple):
    """By node, what must come after it: the ``chained`` in its team's own order, and what ``needs`` it.

    A chain's order holds from one run of it to the next. A run has a gate, to which those before are chained,
    if it is the first, or it or the one before are several nodes. ``gates`` are numbered below NOTHING.
    ``waits`` says for how many each node waits, one of them being its chain.
    """

    chained: list[int]
    needs: list[Sequence[int]]
    waits: list[int]
    gates: dict[int, Gate]

    def behind(self, target: int) -> Sequence[int]:
        """The nodes that something chained to this precedes."""
        if target < NOTHING:
            return self.gates[target].run
        return () if target == NOTHING else (target,)


def constraints(
    chains: Sequence[Sequence[int]],
    needs: Iterable[tuple[int, int]],
    knots: Iterable[Sequence[int]],
) -> Following:
    """Acyclic, if ``needs``, the dependencies that count, are: inside one of ``knots`` only they do.

    ``knots`` are the strongly connected components of both together, at least those of their nodes that
    have dependencies.
    """
    following = unchained(sum(map(len, chains)))
    knot = {node: members[0] for members in knots for node in members}
    for chain in chains:
        link(following, chain)
        gate(following, chain, chain if knot.keys().isdisjoint(chain) else _components(chain, knot))
    tie(following, needs)
    return following


def unchained(size: int) -> Following:
    return Following([NOTHING] * size, [()] * size, [1] * size, {})


def ungate(following: Following, number: int) -> None:
    """Link what this gate holds apart."""
    before, run = following.gates.pop(number)
    link(following, (*before, *run))


def tie(following: Following, needs: Iterable[tuple[int, int]]) -> None:
    """Add what needs nodes that nothing needed until now."""
    found: dict[int, list[int]] = {}
    for earlier, later in needs:
        found.setdefault(earlier, []).append(later)
        following.waits[later] += 1
    for earlier, others in found.items():
        following.needs[earlier] = others


def _components(chain: Sequence[int], knot: Mapping[int, int]) -> list[int]:
    """By a node of each. What stands between two of a component is of it as well."""
    names = list(map(knot.get, chain, chain))
    tied = [place for place, node in enumerate(chain) if node in knot]
    first = {names[place]: place for place in reversed(tied)}
    last = {names[place]: place for place in tied}
    for name, start in first.items():
        end = last[name] + 1
        names[start:end] = [name] * (end - start)
    return names


def link(following: Following, chain: Sequence[int]) -> None:
    """Each of its nodes before the next."""
    chained = following.chained
    for earlier, later in pairwise(chain):
        chained[earlier] = later


def gate(following: Following, chain: Sequence[int], components: Sequence[int]) -> None:
    """Keep a linked chain's order only from one of ``components`` to the next: their names, node by node.

    The chain meets each in a single run.
    """
    chained = following.chained
    starts = [0, *compress(count(1), map(ne, components, islice(components, 1, None))), len(chain)]
    for before, start, end in zip([0, *starts], starts, starts[1:], strict=False):
        if not start or end - before > 2:
            number = NOTHING - 1 - chain[start]
            following.gates[number] = Gate(chain[before:start], chain[start:end])
            for node in chain[before:start]:
                chained[node] = number
    for node in chain[starts[-2] :]:
        chained[node] = NOTHING


def needed(following: Following, wanted: Sequence[int]) -> dict[int, int]:
    """``wanted`` and all that must come before them → the first place in ``wanted`` each is needed for."""
    if not wanted:
        return {}
    previous, blockers = _previous(following), _blockers(following)
    found: dict[int, int] = {}
    for place, target in enumerate(wanted):
        reached = [target]
        while reached:
            node = reached.pop()
            if node != NOTHING and node not in found:
                found[node] = place
                if node < NOTHING:
                    reached += following.gates[node].before
                else:
                    reached += (previous[node], *blockers.get(node, ()))
    return {node: place for node, place in found.items() if node > NOTHING}


def _previous(following: Following) -> list[int]:
    """By node the one that is chained to it, or the gate that leads to it."""
    chained = np.array(following.chained, np.intp)
    is_before = chained > NOTHING
    previous = np.full(len(chained), NOTHING)
    previous[chained[is_before]] = np.flatnonzero(is_before)
    for gate, (_, run) in following.gates.items():
        previous[run] = gate
    found: list[int] = previous.tolist()
    return found


def _blockers(following: Following) -> Mapping[int, Sequence[int]]:
    found: dict[int, list[int]] = {}
    for node, others in enumerate(following.needs):
        for other in others:
            found.setdefault(other, []).append(node)
    return found
