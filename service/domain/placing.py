"""Items one after the other, none before what must precede it (rulebook, the overarching order). Pure."""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.constraints import NOTHING, Following


class Placed(NamedTuple):
    """``held_by`` says by node for which one it waited last; NOTHING, if it was not held back."""

    nodes: list[int]
    held_by: list[int]


def placed_by(following: Following, by_wish: Sequence[int] | NDArray[np.intp]) -> Placed:
    """Of the items that nothing unplaced must precede, always the one with the lowest wish.

    A walk in the order of the wishes places what is free and passes what is not. What gets free once it is
    passed was held back, and goes before all that the walk has not met.
    """
    chained, needs, _, gates = following
    order = np.asarray(by_wish, np.intp)
    by_rank: list[int] = order.tolist()
    waiting, rank = _waiting(following), _ranks(order, len(chained))
    placed: list[int] = []
    held_by = [NOTHING] * len(chained)
    passed: list[int] = []  # a heap of ranks
    walked = 0
    while len(placed) < len(by_rank):
        if passed:
            node = by_rank[heappop(passed)]
        else:
            node = by_rank[walked]
            walked += 1
            if waiting[node]:
                continue
        placed.append(node)
        after = [chained[node], *needs[node]]
        for other in after:
            waiting[other] -= 1
            if not waiting[other]:
                if other < NOTHING:
                    after += gates[other].run
                elif rank[other] < walked:
                    heappush(passed, rank[other])
                    held_by[other] = node
    return Placed(placed, held_by)


def _ranks(order: NDArray[np.intp], size: int) -> list[int]:
    """By node."""
    ranks = np.full(size, NOTHING)
    ranks[order] = np.arange(len(order))
    found: list[int] = ranks.tolist()
    return found


def _waiting(following: Following) -> list[int]:
    """For how many nodes and gates each waits. Gates of first runs are open; NOTHING never gets free."""
    counts = [*following.waits, *[0] * len(following.waits), NOTHING]
    for gate, (waits, run) in following.gates.items():
        counts[gate] = waits
        if not waits:
            for node in run:
                counts[node] -= 1
    return counts
