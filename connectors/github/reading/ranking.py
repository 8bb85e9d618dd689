"""A Project's order as texts that sort, kept steady: a row that moves changes its own rank only. Pure."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LONGEST = 40  # characters; then every rank is made anew


def reranked(order: Sequence[str], before: Mapping[str, str]) -> dict[str, str]:
    """Ranks in the order of the names; those whose place among the others stayed keep theirs."""
    kept = _longest_rising([(name, before[name]) for name in order if name in before])
    if not kept:
        return fresh(order)
    found: dict[str, str] = {}
    last: str | None = None
    above = _next_kept(order, kept)
    for name, bound in zip(order, above, strict=True):
        found[name] = kept[name] if name in kept else between(last, bound)
        last = found[name]
    return found if max(map(len, found.values()), default=0) <= _LONGEST else fresh(order)


def moved(order: Sequence[str], before: Mapping[str, str]) -> dict[str, str]:
    """Of the names that were there before those that moved among them, and which way."""
    common = [name for name in order if name in before]
    kept = _longest_rising([(name, before[name]) for name in common])
    was = {name: place for place, name in enumerate(sorted(common, key=before.__getitem__))}
    return {
        name: "higher" if place < was[name] else "lower"
        for place, name in enumerate(common)
        if name not in kept and place != was[name]
    }


def fresh(order: Sequence[str]) -> dict[str, str]:
    return {name: f"{place:08d}" for place, name in enumerate(order, 1)}


def _next_kept(order: Sequence[str], kept: Mapping[str, str]) -> list[str | None]:
    """For each name the rank of the first kept one at or after it."""
    found: list[str | None] = []
    bound: str | None = None
    for name in reversed(order):
        bound = kept.get(name, bound)
        found.append(bound)
    return found[::-1]


def _longest_rising(ranked: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The most names that are still in the order of their ranks."""
    tails: list[str] = []
    ends: list[int] = []
    previous: list[int] = []
    for place, (_, rank) in enumerate(ranked):
        length = bisect_left(tails, rank)
        previous.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [rank]
        ends[length : length + 1] = [place]
    found: list[tuple[str, str]] = []
    place = ends[-1] if ends else -1
    while place >= 0:
        found.append(ranked[place])
        place = previous[place]
    return dict(reversed(found))


def between(low: str | None, high: str | None) -> str:
    """A text after ``low`` and before ``high``; None is no bound."""
    made = ""
    below, above = low or "", high
    for place in range(len(below) + len(above or "") + 2):
        floor = _DIGITS.index(below[place]) if place < len(below) else 0
        ceiling = _DIGITS.index(above[place]) if above and place < len(above) else len(_DIGITS)
        if ceiling - floor > 1:
            return made + _DIGITS[(floor + ceiling) // 2]
        made += _DIGITS[floor]
        if ceiling > floor:
            above = None
    raise ValueError(f"nothing lies between {low!r} and {high!r}")
