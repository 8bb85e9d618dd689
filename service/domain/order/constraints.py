"""What the overarching order must keep: dependencies and the teams' own orders, without circles. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, count, islice, pairwise
from operator import ne
from typing import NamedTuple

import numpy as np

NOTHING = -1
"""Stands for a node where there is none. Nodes are numbered from 0."""


class Gate(NamedTuple):
    """Between the nodes of one run of a team order and those of the next."""

    before: Sequence[int]
    run: Sequence[int]


class Following(NamedTuple):
    """By node, what must come after it: ``next_in_team`` in its team's own order, and its ``dependents``.

    A team order holds from one run of it to the next. A run has a gate, which stands for those before it to
    be done, if it is the first, or it or the one before are several nodes. ``gates`` are numbered below
    NOTHING. ``waits`` says for how many each node waits, one of them being its team order.
    """

    next_in_team: list[int]
    dependents: list[Sequence[int]]
    waits: list[int]
    gates: dict[int, Gate]


def constraints(
    team_orders: Sequence[Sequence[int]],
    dependencies: Iterable[tuple[int, int]],
    components: Iterable[Sequence[int]],
) -> Following:
    """Acyclic, if ``dependencies``, those that count, are: inside one of ``components`` only they do.

    ``components`` are the strongly connected components of both together, at least those of their nodes that
    have dependencies. O(V + E).
    """
    size = sum(map(len, team_orders))
    following = Following([NOTHING] * size, [()] * size, [1] * size, {})
    component = {node: members[0] for members in components for node in members}
    for order in team_orders:
        is_alone = component.keys().isdisjoint(order)
        _link(following, order, order if is_alone else _names(order, component))
    _join(following, dependencies)
    return following


def _join(following: Following, dependencies: Iterable[tuple[int, int]]) -> None:
    dependents: dict[int, list[int]] = {}
    for blocker, dependent in dependencies:
        dependents.setdefault(blocker, []).append(dependent)
        following.waits[dependent] += 1
    for blocker, ends in dependents.items():
        following.dependents[blocker] = ends


def _names(order: Sequence[int], component: Mapping[int, int]) -> list[int]:
    """By node of each. What stands between two of a component is of it as well."""
    names = list(map(component.get, order, order))
    joined = [place for place, node in enumerate(order) if node in component]
    first = {names[place]: place for place in reversed(joined)}
    last = {names[place]: place for place in joined}
    for name, start in first.items():
        end = last[name] + 1
        names[start:end] = [name] * (end - start)
    return names


def _link(following: Following, order: Sequence[int], components: Sequence[int]) -> None:
    """Each node before the next, but not within one of ``components``, which are named node by node.

    A team order meets each component in a single run.
    """
    next_in_team = following.next_in_team
    for earlier, later in pairwise(order):
        next_in_team[earlier] = later
    starts = [0, *compress(count(1), map(ne, components, islice(components, 1, None))), len(order)]
    for before, start, end in zip([0, *starts], starts, starts[1:], strict=False):
        if not start or end - before > 2:
            number = NOTHING - 1 - order[start]
            following.gates[number] = Gate(order[before:start], order[start:end])
            for node in order[before:start]:
                next_in_team[node] = number
    for node in order[starts[-2] :]:
        next_in_team[node] = NOTHING


def needed(following: Following, wanted: Sequence[int]) -> dict[int, int]:
    """``wanted`` and all that must come before them → the first place in ``wanted`` each is needed for.

    O(V + E), where anything is wanted.
    """
    if not wanted:
        return {}
    previous, blockers = _previous(following), _blockers(following)
    needed_for: dict[int, int] = {}
    for place, target in enumerate(wanted):
        reached = [target]
        while reached:
            node = reached.pop()
            if node != NOTHING and node not in needed_for:
                needed_for[node] = place
                if node < NOTHING:
                    reached += following.gates[node].before
                else:
                    reached += (previous[node], *blockers.get(node, ()))
    return {node: place for node, place in needed_for.items() if node > NOTHING}


def _previous(following: Following) -> list[int]:
    """By node the one before it in its team's order, or the gate that leads to it."""
    next_in_team = np.array(following.next_in_team, np.intp)
    is_before = next_in_team > NOTHING
    previous = np.full(len(next_in_team), NOTHING)
    previous[next_in_team[is_before]] = np.flatnonzero(is_before)
    for gate, (_, run) in following.gates.items():
        previous[run] = gate
    nodes: list[int] = previous.tolist()
    return nodes


def _blockers(following: Following) -> Mapping[int, Sequence[int]]:
    blockers: dict[int, list[int]] = {}
    for node, dependents in enumerate(following.dependents):
        for dependent in dependents:
            blockers.setdefault(dependent, []).append(node)
    return blockers
