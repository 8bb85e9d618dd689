"""Which items stand elsewhere in one order than in another. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, count
from operator import ne, sub

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
    stands = _standing([place for place in places if place is not None], first + len(was))
    found: list[Move] = [
        (node, None if place is None else place + 1, now)
        for node, place, now in zip(will, places, count(first + 1), strict=False)
        if place is None or not stands[place]
    ]
    leaving = set(was).difference(will)
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
    starts = [0, *compress(count(1), map(ne, places[1:], map((1).__add__, places)))] if places else []
    firsts = [places[start] for start in starts]
    sizes = list(map(sub, [*starts[1:], len(places)], starts))
    found = bytearray(size)
    for run in _rising(firsts, sizes):
        found[firsts[run] : firsts[run] + sizes[run]] = b"\1" * sizes[run]
    return found


def _rising(firsts: Sequence[int], sizes: Sequence[int]) -> Iterator[int]:
    """Which rise one after the other, with the largest sum of ``sizes``; the last first."""
    ends: list[int] = []  # the last of a choice; of these their firsts and the sums of their choices rise
    highest: list[int] = []
    sums: list[int] = []
    previous: list[int] = []
    for number, (first, size) in enumerate(zip(firsts, sizes, strict=True)):
        at = bisect_left(highest, first)
        previous.append(ends[at - 1] if at else -1)
        total = size + sums[at - 1] if at else size
        beaten = bisect_right(sums, total, at)
        if beaten == at + 1:
            highest[at], sums[at], ends[at] = first, total, number
        else:
            highest[at:beaten], sums[at:beaten], ends[at:beaten] = (first,), (total,), (number,)
    number = ends[-1] if ends else -1
    while number >= 0:
        yield number
        number = previous[number]
