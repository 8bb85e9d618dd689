"""A team's own order: one chain per team and source. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import partial
from itertools import compress, islice
from operator import eq

from service.domain.plan.item import Item

NEUTRAL = 3
"""What an unknown priority counts as, wherever items are put in order."""


def chains(items: Sequence[Item]) -> list[list[int]]:
    """Places in ``items``, chain by chain; items of two sources are not ordered against each other."""
    found: dict[tuple[str, str], list[int]] = {}
    for place, item in enumerate(items):
        found.setdefault((item.team, item.source), []).append(place)
    ranks = [item.rank or "" for item in items]
    for chain in found.values():
        unranked = [place for place in chain if items[place].rank is None]
        ranked = [place for place in chain if items[place].rank is not None] if unranked else chain
        chain[:] = _by_rank(items, ranks, ranked) + sorted(unranked, key=partial(_key, items))
    return list(found.values())


def _by_rank(items: Sequence[Item], ranks: Sequence[str], ranked: Sequence[int]) -> list[int]:
    """Few share a rank: only those are compared any further."""
    order = sorted(ranked, key=ranks.__getitem__)
    told = [ranks[place] for place in order]
    for shared in set(compress(told, map(eq, told, islice(told, 1, None)))):
        run = slice(bisect_left(told, shared), bisect_right(told, shared))
        order[run] = sorted(order[run], key=partial(_key, items))
    return order


def _key(items: Sequence[Item], place: int) -> tuple[int, float, str]:
    item = items[place]
    return (item.priority or NEUTRAL, item.created, item.id)
