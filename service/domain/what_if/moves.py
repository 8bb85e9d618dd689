"""Which items stand elsewhere in one order than in another. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Place = int | None
"""From 1; None where it is not in the order, being closed."""

Move = tuple[int, Place, Place]
"""A node, with where it stood and where it stands."""


def moves(before: Sequence[int], after: Sequence[int], positions: NDArray[np.intp]) -> Iterator[Move]:
    """What stands elsewhere among the others than it did, and what enters or leaves; by place.

    As many as can have not moved. ``positions`` are those in ``before`` by node, from 1, or 0.
    """
    first, last = _differing(before, after)
    was, will = before[first : len(before) - last], np.array(after[first : len(after) - last], np.intp)
    known = np.append(positions, np.zeros(max(0, will.max(initial=0) + 1 - len(positions)), np.intp))
    stood = known[will]
    is_moving = np.frombuffer(moving(stood.tolist(), len(before) + 1), np.bool_)
    found = np.flatnonzero(is_moving[stood])
    stands = (found + first + 1).tolist()
    told = zip(will[found].tolist(), [one or None for one in stood[found].tolist()], stands, strict=True)
    stay = np.count_nonzero(stood)
    leaving = set(was).difference(will.tolist()) if stay < len(was) else ()
    return chain(told, ((node, int(known[node]), None) for node in was if node in leaving))


def _differing(before: Sequence[int], after: Sequence[int]) -> tuple[int, int]:
    """How many they have in common at the front, and then at the back."""
    shorter = min(len(before), len(after))
    first = _most(shorter, lambda low, high: before[low:high] == after[low:high])
    last = _most(
        shorter - first,
        lambda low, high: (
            before[len(before) - high : len(before) - low] == after[len(after) - high : len(after) - low]
        ),
    )
    return first, last


def _most(size: int, are_same: Callable[[int, int], bool]) -> int:
    """Up to where all from 0 are the same. Halving compares slices, which is far quicker than one by one."""
    low, high = 0, size
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if are_same(low, middle) else (low, middle - 1)
    return low


def moving(positions: Iterable[int], size: int) -> bytearray:
    """0 at those of ``positions`` that rise one after the other, as many as can; all are below ``size``.

    Elsewhere it is 1, and at 0.
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
    found = bytearray(b"\1") * size
    while last:
        found[last] = 0
        last = previous[last]
    return found
