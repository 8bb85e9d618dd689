"""Items one after the other, none before what must precede it (rulebook, the overarching order). Pure."""

from collections.abc import Sequence
from heapq import heappop, heappush, heappushpop
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from service.domain.order.constraints import NOTHING, Following


class Placing:
    """Of the items that nothing unplaced must precede, always the one with the lowest wish is next.

    A walk in the order of the wishes places what is free and passes what is not. What gets free once it is
    passed was held back, and goes before all that the walk has not met.
    """

    def __init__(
        self, following: Following, by_wish: Sequence[int] | NDArray[np.intp], placed: Sequence[int] = ()
    ) -> None:
        """``placed`` are those that have their place already, and all that must precede them."""
        order = np.asarray(by_wish, np.intp)
        self._following = following
        self._by_rank: list[int] = order.tolist()
        self._rank: list[int] = ranks(order, len(following.chained)).tolist()
        self._waiting = _waiting(following, placed)
        self._passed: list[int] = []  # a heap of ranks
        self._freed: list[int] = []  # ranks that belong there too: one of them is often next
        self._walked = 0
        self._left = len(order) - len(placed)
        self.held_by = [NOTHING] * len(following.chained)
        """By node for which one it waited last; NOTHING, if it was not held back."""

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


def ranks(by_wish: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    """By node."""
    found = np.full(size, NOTHING)
    found[by_wish] = np.arange(len(by_wish))
    return found


def _waiting(following: Following, placed: Sequence[int]) -> list[int]:
    """For how many nodes and gates each waits; NOTHING, which never gets free, where it is placed."""
    chained, needs, waits, gates = following
    counts = [*waits, *[0] * len(waits), NOTHING]
    for gate, (before, _) in gates.items():
        counts[gate] = len(before)
    for other in chain(map(chained.__getitem__, placed), *filter(None, map(needs.__getitem__, placed))):
        counts[other] -= 1
    for gate, (_, run) in gates.items():
        if not counts[gate]:
            for node in run:
                counts[node] -= 1
    for node in placed:
        counts[node] = NOTHING
    return counts
