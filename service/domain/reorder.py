"""Which items stand elsewhere in one order than in another. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import count

Place = int | None
"""From 1; None where it is not in the order, being closed."""

Move = tuple[int, Place, Place]
"""A node, with where it stood and where it stands."""


def moves(before: Sequence[int], after: Sequence[int]) -> list[Move]:
    """What stands elsewhere among the others than it did, and what enters or leaves; by place.

    As many as can have not moved.
    """
    first, last = _differing(before, after)
    was, will = before[first : len(before) - last], after[first : len(after) - last]
    old = dict(zip(was, count(first), strict=False))
    places = [old.get(node) for node in will]
    known = [place for place in places if place is not None]
    stands = _standing(known, first + len(was))
    found: list[Move] = [
        (node, None if place is None else place + 1, now)
        for node, place, now in zip(will, places, count(first + 1), strict=False)
        if place is None or not stands[place]
    ]
    leaving = set(was).difference(will) if len(known) < len(was) else ()
    return found + [(node, old[node] + 1, None) for node in was if node in leaving]


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


def _standing(places: Sequence[int], size: int) -> bytearray:
    """1 at those of ``places``, all below ``size``, that rise one after the other: as many as can."""
    ends: list[int] = []  # by length, the lowest place at which a choice of that many ends
    previous = [-1] * size
    for place in places:
        if not ends or place > ends[-1]:
            at = len(ends)
            ends.append(place)
        else:
            at = bisect_left(ends, place)
            ends[at] = place
        if at:
            previous[place] = ends[at - 1]
    found = bytearray(size)
    place = ends[-1] if ends else -1
    while place >= 0:
        found[place] = 1
        place = previous[place]
    return found
