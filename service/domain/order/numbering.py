"""Open items as nodes of the overarching order: numbered team order by team order. Pure."""

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Generic, NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.graph.memo import Work
from service.domain.graph.team_order import Team, sort_team
from service.domain.plan.item import P

UNKNOWN = 2**22
"""Stands in a column for no value: after every priority, rank and ordinal of a day."""

Column = NDArray[np.int64]


class Numbering(NamedTuple):
    """What is looked at together has numbers that follow each other, and so lies together in memory.

    ``number`` by id; ``by_id`` has a node's place among all ids.
    """

    ids: Sequence[str]
    number: Mapping[str, int]
    by_id: Column
    team_orders: Sequence[range]


class Nodes(NamedTuple, Generic[P]):
    """By node the item, its own priority, and the ordinal of its own due day."""

    numbering: Numbering
    items: Sequence[P]
    priorities: Column
    dues: Column


def number_items(teams: Mapping[Team, Sequence[P]], work: Work) -> Nodes[P]:
    """``teams`` are all open items by team, in any order; O(n log n)."""
    rows: list[_Row[P]] = [work(_row, members, part=team) for team, members in teams.items()]
    ids = [*chain.from_iterable(row.ids for row in rows)]
    return Nodes(
        numbering=work(_number, ids, [len(row.ids) for row in rows]),
        items=[*chain.from_iterable(row.items for row in rows)],
        priorities=np.concatenate([np.empty(0, np.int64), *(row.priorities for row in rows)]),
        dues=np.concatenate([np.empty(0, np.int64), *(row.dues for row in rows)]),
    )


class _Row(NamedTuple, Generic[P]):
    """A team's items in its order."""

    items: Sequence[P]
    ids: Sequence[str]
    priorities: Column
    dues: Column


def _row(members: Sequence[P]) -> _Row[P]:
    items = list(map(members.__getitem__, sort_team(members)))
    return _Row(
        items,
        list(map(attrgetter("id"), items)),
        np.array([item.priority or UNKNOWN for item in items], np.int64),
        np.array([item.due.toordinal() if item.due else UNKNOWN for item in items], np.int64),
    )


def _number(ids: Sequence[str], lengths: Sequence[int]) -> Numbering:
    ranges = [range(first, end) for first, end in pairwise(accumulate(lengths, initial=0))]
    by_id = np.empty(len(ids), np.int64)
    by_id[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return Numbering(ids, dict(zip(ids, range(len(ids)), strict=True)), by_id, ranges)
