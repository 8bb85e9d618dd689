"""Which items stand elsewhere in one order than in another. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple


class Move(NamedTuple):
    """Places from 1; None where it is not in the order, being closed."""

    node: int
    before: int | None
    after: int | None


class _Run(NamedTuple):
    """A stretch of the later order, from ``start`` to ``end``, that stood together at ``first`` too."""

    first: int
    start: int
    end: int


def moves(before: Sequence[int], after: Sequence[int]) -> list[Move]:
    """What stands elsewhere among the others than it did, and what enters or leaves; by place.

    As many as can have not moved.
    """
    first, last = _differing(before, after)
    was, will = before[first : len(before) - last], after[first : len(after) - last]
    entering, leaving = set(will).difference(was), set(was).difference(will)
    moved = entering | _displaced(_without(was, leaving), _without(will, entering))
    old = dict(zip(was, range(first + 1, len(before) + 1), strict=False))
    found = [Move(node, old.get(node), place) for place, node in enumerate(will, first + 1) if node in moved]
    return found + [Move(node, old[node], None) for node in was if node in leaving]


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


def _without(nodes: Sequence[int], others: set[int]) -> Sequence[int]:
    return [node for node in nodes if node not in others] if others else nodes


def _displaced(before: Sequence[int], after: Sequence[int]) -> set[int]:
    """Of the same nodes those outside the longest stretches that follow each other in both orders."""
    runs = _runs(before, after)
    standing = _standing(runs)
    return {
        node
        for number, run in enumerate(runs)
        if number not in standing
        for node in after[run.start : run.end]
    }


def _runs(before: Sequence[int], after: Sequence[int]) -> list[_Run]:
    place = dict(zip(before, range(len(before)), strict=True))
    at = [place[node] for node in after]
    starts = [n for n, (one, other) in enumerate(pairwise(at), 1) if other != one + 1]
    bounds = zip([0, *starts], [*starts, len(at)], strict=True) if at else ()
    return [_Run(at[start], start, end) for start, end in bounds]


def _standing(runs: Sequence[_Run]) -> set[int]:
    """Which runs follow each other in both orders, with the most nodes together."""
    firsts: list[int] = []  # of the last run of a choice; these three rise together
    sizes: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, run in enumerate(runs):
        at = beaten = bisect_left(firsts, run.first)
        size = run.end - run.start + (sizes[at - 1] if at else 0)
        previous.append(ends[at - 1] if at else -1)
        while beaten < len(sizes) and sizes[beaten] <= size:
            beaten += 1
        firsts[at:beaten], sizes[at:beaten], ends[at:beaten] = [run.first], [size], [number]
    found = set()
    number = ends[-1] if ends else -1
    while number >= 0:
        found.add(number)
        number = previous[number]
    return found
