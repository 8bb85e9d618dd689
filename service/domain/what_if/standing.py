"""The overarching order, placed anew only from where a change first tells to where it last does. Pure."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, count, pairwise

import numpy as np
from numpy.typing import NDArray

from service.domain.order.constraints import Following
from service.domain.order.topological_sort import Placing, ranks

_AT_ONCE = 500  # nodes that are placed before it is looked whether the rest stays


@dataclass(frozen=True)
class Standing:
    """Nodes in the overarching order."""

    nodes: Sequence[int] = ()

    @cached_property
    def array(self) -> NDArray[np.intp]:
        return np.array(self.nodes, np.intp)

    @cached_property
    def positions(self) -> NDArray[np.intp]:
        """By node, from 1; 0 for what is not in it. It ends with the highest node that is."""
        found = np.zeros(self.array.max(initial=0) + 1, np.intp)
        found[self.array] = np.arange(1, len(self.array) + 1)
        return found

    def without(self, gone: Set[int]) -> "Standing":
        return Standing([node for node in self.nodes if node not in gone]) if gone else self


def standing_after(
    before: Standing, following: Following, by_wish: NDArray[np.intp], unsettled: Set[int] | None
) -> Standing:
    """``before`` holds nothing that has left.

    ``unsettled`` are those that are new, that wish otherwise, or that something else must precede. Where it
    is None, any may be.
    """
    if unsettled is None:
        return Standing(Placing(following, by_wish).next(len(by_wish)))
    if not unsettled:
        return before
    positions = np.zeros(len(following.chained), np.intp)
    positions[: len(before.positions)] = before.positions
    left = set(unsettled)
    end = _repeated(before, positions, following, ranks(by_wish, len(positions)), left)
    nodes = [*before.nodes[:end]]
    placing = Placing(following, by_wish, nodes)
    new = len(by_wish) - len(before.nodes)
    while fresh := placing.next(_AT_ONCE):
        nodes += fresh
        left.difference_update(fresh)
        end = max(end, int(positions[fresh].max()))
        if not left and len(nodes) == end + new:  # both have placed the same
            break
    return Standing([*nodes, *before.nodes[end:]])


def _repeated(
    before: Standing,
    positions: NDArray[np.intp],
    following: Following,
    rank: NDArray[np.intp],
    unsettled: set[int],
) -> int:
    """How many are placed as they stood: at most until one of the unsettled is next."""
    end = min((int(positions[node]) - 1 for node in unsettled if positions[node]), default=len(before.nodes))
    free = dict.fromkeys(unsettled, 0)
    for node, last in _preceded(following, positions, unsettled):
        free[node] = max(free[node], last)
    told = sorted((place, rank[node]) for node, place in free.items() if place < end)
    wished, lowest = rank[before.array], len(rank)
    for (place, mine), (until, _) in pairwise([*told, (end, 0)]):
        lowest = min(lowest, mine)
        overtaken = np.flatnonzero(wished[place:until] > lowest)
        if overtaken.size:
            return int(place + overtaken[0])
    return end


def _preceded(
    following: Following, positions: NDArray[np.intp], nodes: set[int]
) -> Iterator[tuple[int, int]]:
    """Each of ``nodes`` with where something stands that must precede it, or with 0 where that is new."""
    chained, needs, _, gates = following
    for node in compress(count(), map(nodes.__contains__, chained)):
        yield chained[node], int(positions[node])
    for node in compress(count(), needs):
        for other in needs[node]:
            if other in nodes:
                yield other, int(positions[node])
    for before, run in gates.values():
        if before and (held := nodes.intersection(run)):
            last = int(positions[before].max())
            yield from ((node, last) for node in held)
