"""Sort keys with room between them, so that one change rewrites the keys of what moved. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from operator import lt
from typing import cast

GAP = 2**32
_FURTHEST = 2**62  # keys are stored as 64-bit integers


def sparse_keys(old: Sequence[int | None]) -> Sequence[int]:
    """Keys that rise, one for each of a sequence whose items have ``old``.

    The longest run of items that already stand in order keeps its keys; the others go between,
    and where there is no room, their neighbours move over.
    """
    known = [key for key in old if key is not None]
    if len(known) == len(old) and all(map(lt, known, islice(known, 1, None))):
        return known
    new = _placed(len(old), _kept(old), old)
    if new and not -_FURTHEST < new[0] <= new[-1] < _FURTHEST:
        new = [GAP * (place + 1) for place in range(len(old))]
    return new


def _kept(keys: Sequence[int | None]) -> list[int]:
    """Places of a longest increasing subsequence of the keys there are."""
    lowest_ends: list[int] = []
    ends: list[int] = []
    previous: dict[int, int | None] = {}
    for place, key in enumerate(keys):
        if key is None:
            continue
        length = bisect_left(lowest_ends, key)
        previous[place] = ends[length - 1] if length else None
        lowest_ends[length : length + 1] = [key]
        ends[length : length + 1] = [place]
    found = []
    place_or_none = ends[-1] if ends else None
    while place_or_none is not None:
        found.append(place_or_none)
        place_or_none = previous[place_or_none]
    return found[::-1]


def _placed(size: int, kept: Sequence[int], keys: Sequence[int | None]) -> list[int]:
    """``new`` grows from left to right; ``firm`` are kept places still ahead, the next one last."""
    new: list[int] = []
    firm = list(reversed(kept))
    while len(new) < size:
        if firm and firm[-1] == len(new):
            new.append(_key(keys, firm.pop()))
            continue
        end = firm[-1] if firm else size
        low, count = (new[-1] if new else None), end - len(new)
        while firm and low is not None and _key(keys, firm[-1]) - low <= count:
            low, count = _move_over(new, firm, size)
        new.extend(_between(low, _key(keys, firm[-1]) if firm else None, count))
    return new


def _move_over(new: list[int], firm: list[int], size: int) -> tuple[int | None, int]:
    """Give up as many keys on each side as are to be placed: the run doubles until there is room."""
    end = firm[-1] if firm else size
    count = end - len(new)
    del new[max(0, len(new) - count) :]
    while firm and firm[-1] < end + count:
        firm.pop()
    end = firm[-1] if firm else size
    return (new[-1] if new else None), end - len(new)


def _between(low: int | None, high: int | None, count: int) -> list[int]:
    if high is None:
        return [(low or 0) + GAP * (place + 1) for place in range(count)]
    if low is None:
        return [high - GAP * (count - place) for place in range(count)]
    return [low + (high - low) * (place + 1) // (count + 1) for place in range(count)]


def _key(keys: Sequence[int | None], place: int) -> int:
    """Of a kept place: only items with a key are kept."""
    return cast(int, keys[place])
