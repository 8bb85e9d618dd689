"""Nodes one after the other, none before what must precede it (rulebook, the overarching order). Pure."""

from collections.abc import Sequence
from heapq import heappop, heappush, heappushpop
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.order.constraints import NOTHING, Following


class Sorted(NamedTuple):
    """``held_by`` says by node for which one it waited last; NOTHING, if it was not held back."""

    sequence: list[int]
    held_by: list[int]


def topological_sort(following: Following, preferred: NDArray[np.intp]) -> Sorted:
    """Of the nodes that nothing unplaced must precede always the first of ``preferred`` is next.

    ``preferred`` are all nodes, in the order in which they would stand if nothing held them back.

    Kahn's algorithm (1962) with a heap, O((V + E) log V); but the heap holds only what was held back: a
    walk over the preferred places what is free and passes what is not. What gets free once it is passed
    goes before all that the walk has not met.
    """
    next_in_team, dependents, _, gates = following
    by_rank, rank = preferred.tolist(), _ranks(preferred)
    waiting = _waiting(following)
    passed: list[int] = []  # a heap of ranks
    freed: list[int] = []  # ranks that belong there too: one of them is often next
    held_by = [NOTHING] * len(by_rank)
    sequence: list[int] = []
    walked = 0
    for _ in by_rank:
        if freed:
            first = freed.pop()
            while freed:
                heappush(passed, freed.pop())
            node = by_rank[heappushpop(passed, first)]
        elif passed:
            node = by_rank[heappop(passed)]
        else:
            while waiting[node := by_rank[walked]]:
                walked += 1
            walked += 1
        sequence.append(node)
        after = [next_in_team[node], *dependents[node]]
        for later in after:
            waiting[later] -= 1
            if not waiting[later]:
                if later < NOTHING:
                    after += gates[later].run
                elif rank[later] < walked:
                    freed.append(rank[later])
                    held_by[later] = node
    return Sorted(sequence, held_by)


def _ranks(preferred: NDArray[np.intp]) -> Sequence[int]:
    """By node its place among the preferred."""
    ranks = np.empty_like(preferred)
    ranks[preferred] = np.arange(len(preferred))
    by_node: list[int] = ranks.tolist()
    return by_node


def _waiting(following: Following) -> list[int]:
    """For how many nodes and gates each waits; gates have numbers from the end, NOTHING never gets free."""
    waits, gates = following.waits, following.gates
    counts = [*waits, *[0] * len(waits), NOTHING]
    for gate, (before, _) in gates.items():
        counts[gate] = len(before)
    for gate, (_, run) in gates.items():
        if not counts[gate]:
            for node in run:
                counts[node] -= 1
    return counts
