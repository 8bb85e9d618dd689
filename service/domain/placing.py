"""Items one after the other, none before what must precede it (rulebook, the overarching order). Pure."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from service.domain.constraints import NOTHING, Following


class Placed(NamedTuple):
    """Nodes in order; and, for those held back, the node they waited for last."""

    nodes: list[int]
    held_by: dict[int, int]


def placed_by(following: Following, by_rank: Sequence[int]) -> Placed:
    """Of the items that nothing unplaced must precede, always the one with the lowest wish.

    An item was held back if something with a higher wish stood before the last it waited for.
    Gates rank before all items: they open as soon as all before them is placed.
    """
    rank = _ranks(following, by_rank)
    waiting = _predecessors(following)
    free = [place for place, left in zip(rank, waiting, strict=False) if not left]
    heapify(free)
    placed, held_by, highest, last = [], {}, 0, NOTHING
    while free:
        first = heappop(free)
        node = -first
        if first >= 0:
            node = last = by_rank[first]
            placed.append(node)
            highest = first if first > highest else highest
        for other in (following.chained[node], *following.others.get(node, ())):
            waiting[other] -= 1
            if not waiting[other]:
                heappush(free, rank[other])
                if 0 <= rank[other] < highest:
                    held_by[other] = last
    return Placed(placed, held_by)


def _ranks(following: Following, by_rank: Sequence[int]) -> list[int]:
    """By node; a gate's is its own number, negative."""
    ranks = [-node for node in range(len(following.chained))]
    for rank, node in enumerate(by_rank):
        ranks[node] = rank
    return ranks


def _predecessors(following: Following) -> list[int]:
    """How many each node waits for. Past the last stands NOTHING, which is never free."""
    counts = [0] * (len(following.chained) + 1)
    for later in following.chained:
        counts[later] += 1
    for others in following.others.values():
        for other in others:
            counts[other] += 1
    counts[NOTHING] = NOTHING
    return counts
