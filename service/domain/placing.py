"""Items one after the other, none before what must precede it (rulebook, the overarching order). Pure."""

from collections.abc import Collection, Sequence
from heapq import heappop, heappush, heappushpop

import numpy as np
from numpy.typing import NDArray

from service.domain.constraints import NOTHING, Following


class Placing:
    """Of the items that nothing unplaced must precede, always the one with the lowest wish is next.

    A walk in the order of the wishes places what is free and passes what is not. What gets free once it is
    passed was held back, and goes before all that the walk has not met.
    """

    def __init__(self, following: Following, by_wish: Sequence[int] | NDArray[np.intp]) -> None:
        order = np.asarray(by_wish, np.intp)
        self._following = following
        self._by_rank: list[int] = order.tolist()
        self._rank = _ranks(order, len(following.chained))
        self._waiting = _waiting(following)
        self._passed: list[int] = []  # a heap of ranks
        self._freed: list[int] = []  # ranks that belong there too: one of them is often next
        self._walked = 0
        self._left = len(order)
        self.held_by = [NOTHING] * len(following.chained)
        """By node for which one it waited last; NOTHING, if it was not held back."""

    def repeat(self, nodes: Sequence[int], until: Collection[int]) -> int:
        """Place ``nodes`` as they stand, as long as none of ``until`` is next; how many those are.

        They are the first ones to be placed.
        """
        chained, needs, _, gates = self._following
        waiting, rank = self._waiting, self._rank
        bound = min((rank[node] for node in until if not waiting[node]), default=self._left)
        count = 0
        for node in nodes:
            if rank[node] >= bound or node in until:
                break
            count += 1
            waiting[node] = NOTHING
            after = [chained[node], *needs[node]]
            for other in after:
                waiting[other] -= 1
                if not waiting[other]:
                    if other < NOTHING:
                        after += gates[other].run
                    elif other in until and rank[other] < bound:
                        bound = rank[other]
        self._left -= count
        return count

    def next(self, most: int) -> list[int]:
        """So many, or fewer if these are all."""
        chained, needs, _, gates = self._following
        by_rank, rank, waiting = self._by_rank, self._rank, self._waiting
        passed, freed, held_by, walked = self._passed, self._freed, self.held_by, self._walked
        placed: list[int] = []
        for _ in range(min(most, self._left)):
            if freed:
                one = freed.pop()
                while freed:
                    heappush(passed, freed.pop())
                node = by_rank[heappushpop(passed, one)]
            elif passed:
                node = by_rank[heappop(passed)]
            else:
                while waiting[node := by_rank[walked]]:
                    walked += 1
                walked += 1
            placed.append(node)
            after = [chained[node], *needs[node]]
            for other in after:
                waiting[other] -= 1
                if not waiting[other]:
                    if other < NOTHING:
                        after += gates[other].run
                    elif rank[other] < walked:
                        freed.append(rank[other])
                        held_by[other] = node
        self._walked = walked
        self._left -= len(placed)
        return placed


def _ranks(order: NDArray[np.intp], size: int) -> list[int]:
    """By node."""
    ranks = np.full(size, NOTHING)
    ranks[order] = np.arange(len(order))
    found: list[int] = ranks.tolist()
    return found


def _waiting(following: Following) -> list[int]:
    """For how many nodes and gates each waits. Gates of first runs are open; NOTHING never gets free."""
    counts = [*following.waits, *[0] * len(following.waits), NOTHING]
    for gate, (before, run) in following.gates.items():
        counts[gate] = len(before)
        if not before:
            for node in run:
                counts[node] -= 1
    return counts
