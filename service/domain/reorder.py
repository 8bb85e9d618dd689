"""Which items stand elsewhere in one order than in another. Pure."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, count

Place = int | None
"""From 1; None where it is not in the order, being closed."""

Move = tuple[int, Place, Place]
"""A node, with where it stood and where it stands."""


def moves(before: Sequence[int], after: Sequence[int], positions: Sequence[int]) -> Iterator[Move]:
    """What stands elsewhere among the others than it did, and what enters or leaves; by place.

    As many as can have not moved. ``positions`` are those in ``before`` by node, from 1, or 0.
    """
    first, last = _differing(before, after)
    was, will = before[first : len(before) - last], after[first : len(after) - last]
    known = [*positions, *[0] * (max(will, default=0) + 1 - len(positions))]
    stood = list(map(known.__getitem__, will))
    stays = _staying(stood, len(before) + 1)
    yield from compress(
        zip(will, _places(stood), count(first + 1), strict=False),
        [not stays[position] for position in stood],
    )
    if leaving := set(was).difference(will):
        yield from ((node, known[node], None) for node in was if node in leaving)


def _places(positions: Sequence[int]) -> Sequence[Place]:
    return [position or None for position in positions] if 0 in positions else positions


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


def _staying(positions: Iterable[int], size: int) -> bytearray:
    """1 at those of ``positions`` that rise one after the other, as many as can; all are below ``size``.

    At 0 it is 0.
    """
    ends = [0]  # by length, the lowest position at which a choice of that many ends
    previous = [0] * size
    for position in positions:
        if position > ends[-1]:
            previous[position] = ends[-1]
            ends.append(position)
        elif position:
            at = bisect_left(ends, position)
            ends[at] = position
            previous[position] = ends[at - 1]
    found = bytearray(size)
    position = ends[-1]
    while position:
        found[position] = 1
        position = previous[position]
    return found
