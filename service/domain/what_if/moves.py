"""Which items stand elsewhere in one order than in another. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.order.order import Order

NOWHERE = 0
"""The position of what is not in an order. Positions count from 1."""


class Move(NamedTuple):
    """Positions from 1; None where it is not in the order, being closed."""

    item: str
    before: int | None
    after: int | None


def moves(before: Order, after: Order) -> Iterator[Move]:
    """What stands elsewhere among the others than it did, and what enters or leaves; by position.

    As many as can have not moved: a longest increasing subsequence, O(n log n).
    """
    ids = after.numbering.ids
    positions_before = _positions_before(before, after)
    is_moving = moving(positions_before.tolist(), len(before.nodes) + 1)
    for index in np.flatnonzero(np.frombuffer(is_moving, np.bool_)[positions_before]).tolist():
        stood = int(positions_before[index])
        yield Move(ids[after.nodes[index]], stood or None, index + 1)
    if before.numbering is not after.numbering:
        for index, item_id in enumerate(before.sequence):
            if item_id not in after.numbering.number:
                yield Move(item_id, index + 1, None)


def _positions_before(before: Order, after: Order) -> NDArray[np.intp]:
    """In the order after: where each stood before, or NOWHERE."""
    positions = np.zeros(len(before.nodes) + 1, np.intp)  # by node, the last for none
    positions[before.nodes] = np.arange(1, len(before.nodes) + 1)
    nodes = np.asarray(after.nodes, np.intp)
    if before.numbering is not after.numbering:
        number = before.numbering.number
        by_node = np.array([number.get(item_id, -1) for item_id in after.numbering.ids], np.intp)
        nodes = by_node[nodes]
    return positions[nodes]


def moving(positions: Iterable[int], size: int) -> bytearray:
    """0 at those of ``positions`` that rise one after the other, as many as can; all are below ``size``.

    Elsewhere it is 1, and at NOWHERE. Patience sorting (Fredman 1975), O(n log n).
    """
    ends = [0]  # by length, the lowest position at which a choice of that many ends
    previous = [0] * size
    last = 0
    for position in positions:
        if position > last:
            previous[position] = last
            ends.append(position)
            last = position
        elif position:
            at = bisect_left(ends, position)
            ends[at] = position
            previous[position] = ends[at - 1]
            last = ends[-1]
    is_moving = bytearray(b"\1") * size
    while last:
        is_moving[last] = 0
        last = previous[last]
    return is_moving
