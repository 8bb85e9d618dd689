"""A team's own order: one for each of its sources. Pure."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import compress, islice
from operator import eq

from service.domain.graph.memo import Work, do_work
from service.domain.plan.item import P, Planned

NEUTRAL = 3
"""What an unknown priority counts as, wherever items are put in order."""


Team = tuple[str, str]
"""A team and a source: items of two sources are not ordered against each other."""


def team_orders(items: Sequence[Planned], work: Work = do_work) -> list[list[int]]:
    """Indexes of ``items``, team order by team order; O(n log n)."""
    members: dict[Team, list[int]] = {}
    for index, item in enumerate(items):
        members.setdefault((item.team, item.source), []).append(index)
    orders = []
    for team, indexes in members.items():
        own = list(map(items.__getitem__, indexes))
        order = work(sort_team, own, part=team)
        orders.append(list(map(indexes.__getitem__, order)))
    return orders


def team_of(item: Planned) -> Team:
    return item.team, item.source


def by_team(items: Iterable[P]) -> dict[Team, list[P]]:
    members: dict[Team, list[P]] = {}
    for item in items:
        members.setdefault((item.team, item.source), []).append(item)
    return members


def sort_team(items: Sequence[Planned]) -> list[int]:
    """Indexes of one team's items of one source: by rank, and then what has none. Few share a rank."""
    unranked = [index for index, item in enumerate(items) if item.rank is None]
    ranked = [index for index, item in enumerate(items) if item.rank is not None]
    return _sort_ranked(items, ranked) + sorted(unranked, key=partial(_key, items))


def _sort_ranked(items: Sequence[Planned], ranked: Sequence[int]) -> list[int]:
    """Only what shares a rank is compared any further."""
    ranks = [item.rank or "" for item in items]
    order = sorted(ranked, key=ranks.__getitem__)
    sorted_ranks = [ranks[index] for index in order]
    for shared in set(compress(sorted_ranks, map(eq, sorted_ranks, islice(sorted_ranks, 1, None)))):
        run = slice(bisect_left(sorted_ranks, shared), bisect_right(sorted_ranks, shared))
        order[run] = sorted(order[run], key=partial(_key, items))
    return order


def _key(items: Sequence[Planned], index: int) -> tuple[int, float, str]:
    item = items[index]
    return (item.priority or NEUTRAL, item.created, item.id)
