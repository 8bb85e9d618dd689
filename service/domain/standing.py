"""The overarching order, placed anew only from where a change first tells to where it last does. Pure."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from service.domain.constraints import Following
from service.domain.placing import Placing

_AT_ONCE = 500  # nodes that are placed before it is looked whether the rest stays


@dataclass(frozen=True)
class Standing:
    """Nodes in the overarching order."""

    nodes: Sequence[int] = ()

    @cached_property
    def positions(self) -> NDArray[np.intp]:
        """By node, from 1; 0 for what is not in it. It ends with the highest node that is."""
        nodes = np.array(self.nodes, np.intp)
        found = np.zeros(nodes.max(initial=0) + 1, np.intp)
        found[nodes] = np.arange(1, len(nodes) + 1)
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
    if unsettled is not None and not unsettled:
        return before
    placing = Placing(following, by_wish)
    if unsettled is None:
        return Standing(placing.next(len(by_wish)))
    end = placing.repeat(before.nodes, unsettled)
    nodes, left, new = [*before.nodes[:end]], set(unsettled), len(by_wish) - len(before.nodes)
    positions = np.zeros(len(following.chained), np.intp)
    positions[: len(before.positions)] = before.positions
    while fresh := placing.next(_AT_ONCE):
        nodes += fresh
        left.difference_update(fresh)
        end = max(end, int(positions[fresh].max()))
        if not left and len(nodes) == end + new:  # both have placed the same
            break
    return Standing([*nodes, *before.nodes[end:]])
