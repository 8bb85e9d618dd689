"""Where items would stand if nothing held them back (rulebook, "The overarching order", 3). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.graph.graph import Graph, Neighbours, lowest
from service.domain.graph.memo import Work
from service.domain.graph.team_order import NEUTRAL
from service.domain.order.numbering import UNKNOWN, Column, Nodes, Numbering
from service.domain.plan.dates import Mode, needed_on
from service.domain.plan.item import Planned
from service.domain.plan.product import Plan


@dataclass(frozen=True)
class Guidance:
    """What people want: the product file, the goal by item id, and pinned ids in the Chief PO's order."""

    plan: Plan
    goals: Mapping[str, str]
    pins: Sequence[str]


class Downstream(NamedTuple):
    """By node the lowest value among its own and those downstream; whose it is, where that is another's."""

    values: Column
    sources: Mapping[int, int]

    def value(self, node: int) -> int | None:
        value = int(self.values[node])
        return None if value == UNKNOWN else value


class Preference(NamedTuple):
    """What decides by node where constraints leave a choice. Places count from 0.

    ``pinned_for`` says of what is pinned or needed by it for which of ``pins``.
    """

    pins: Sequence[int]
    pinned_for: Mapping[int, int]
    priorities: Downstream
    goals: Sequence[str | None]
    days: Downstream
    places: Column


def effective_priorities(
    nodes: Nodes[Planned], graph: Graph[Planned], home: Sequence[int], work: Work
) -> Downstream:
    """``home`` has the nodes of the order by those of ``graph``."""
    own = [item.priority for item in graph.items]
    return work(_downstream, nodes.priorities, graph.blockers, home, own, own, part="priorities")


def days_needed(
    nodes: Nodes[Planned], graph: Graph[Planned], home: Sequence[int], mode: Mode, work: Work
) -> Downstream:
    """The earliest of an item's own due and every need-by downstream, as ordinals."""
    dues = [item.due.toordinal() if item.due else None for item in graph.items]
    need_by = [day.toordinal() if (day := needed_on(item, mode)) else None for item in graph.items]
    return work(_downstream, nodes.dues, graph.blockers, home, dues, need_by, part="days")


def _downstream(
    own: Column,
    blockers: Neighbours,
    home: Sequence[int],
    of_graph: Sequence[int | None],
    that_count: Sequence[int | None],
) -> Downstream:
    """What ``lowest`` gives of the planning graph, by nodes of the order."""
    among = lowest(blockers, of_graph, that_count)
    values = own.copy()
    values[home] = [UNKNOWN if value is None else value for value in among.values]
    return Downstream(values, {home[node]: home[source] for node, source in among.sources.items()})


def places_of(numbering: Numbering) -> Column:
    """By node, from 0, in its team's order."""
    return np.concatenate([np.empty(0, np.int64), *map(np.arange, map(len, numbering.team_orders))])


def sort_nodes(nodes: Nodes[Planned], preference: Preference, plan: Plan, work: Work) -> NDArray[np.intp]:
    """By pin, priority, goal and day needed; then by place in the team's order, team, and id. O(n log n)."""
    numbering, size = nodes.numbering, len(nodes.items)
    pins = np.full(size, len(preference.pins))
    pins[list(preference.pinned_for)] = list(preference.pinned_for.values())
    teams = [plan.team_rank(nodes.items[order.start].team) for order in numbering.team_orders]
    priorities = preference.priorities.values
    return work(
        _sort_by,
        numbering.by_id,
        np.repeat(np.array(teams, np.int64), [len(order) for order in numbering.team_orders]),
        preference.places,
        preference.days.values,
        work(_goal_ranks, preference.goals, [goal.key for goal in plan.goals]),
        np.where(priorities == UNKNOWN, NEUTRAL, priorities),
        pins,
    )


def _sort_by(*weighty_last: Column) -> NDArray[np.intp]:
    return np.lexsort(weighty_last)


def _goal_ranks(goals: Sequence[str | None], keys: Sequence[str]) -> Column:
    ranks: dict[str | None, int] = {key: rank for rank, key in enumerate(keys)}
    return np.array([ranks.get(goal, len(ranks)) for goal in goals], np.int64)
