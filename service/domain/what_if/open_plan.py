"""All open items with their order, deadlocks and forecasts, and what a change makes of them. Pure.

They come from the functions of the full analysis; what a change cannot touch is not done again
(``graph/memo.py``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from service.domain.graph.backlog import Backlog
from service.domain.graph.deadlock import deadlocks
from service.domain.graph.forecast import forecasts
from service.domain.graph.graph import Graph, Pair
from service.domain.graph.memo import Memo
from service.domain.graph.planning import plan_dependencies
from service.domain.graph.team_order import Team, by_team, team_of
from service.domain.order.numbering import UNKNOWN, Column
from service.domain.order.order import Order, order_teams
from service.domain.order.preference import Guidance
from service.domain.plan.dates import date_mode
from service.domain.plan.item import Item, PlannedItem
from service.domain.plan.product import Plan
from service.domain.what_if.hypothesis import Hypothesis

Circle = tuple[str, ...]
"""Item ids of a deadlock, from the lowest."""


@dataclass(frozen=True)
class OpenPlan:
    """``items`` by id; ``teams`` the same by team; ``origins`` by dependency between two of them.

    ``ready`` has by node of the order the day that an item is forecast, as an ordinal, or UNKNOWN;
    ``circles`` are the deadlocks.
    """

    guidance: Guidance
    items: Mapping[str, PlannedItem]
    teams: Mapping[Team, Sequence[PlannedItem]]
    origins: Mapping[Pair, Sequence[str]]
    order: Order
    circles: Sequence[Circle]
    ready: Column
    memo: Memo

    @cached_property
    def children(self) -> Mapping[str, Sequence[str]]:
        """Ids by the id of their parent, which may be closed, or none of this backlog."""
        children: dict[str, list[str]] = {}
        for item in self.items.values():
            if item.parent is not None:
                children.setdefault(item.parent, []).append(item.id)
        return children

    def below(self, ids: Collection[str]) -> set[str]:
        """All open items under these, over open ones."""
        below: set[str] = set()
        pending = list(ids)
        while pending:
            fresh = set(self.children.get(pending.pop(), ())) - below
            below |= fresh
            pending.extend(fresh)
        return below


def work_out(
    plan: Plan,
    pins: Sequence[str],
    items: Mapping[str, PlannedItem],
    origins: Mapping[Pair, Sequence[str]],
) -> OpenPlan:
    goals = {item.id: item.goal for item in items.values() if item.goal is not None}
    return _work_out(Guidance(plan, goals, pins), items, by_team(items.values()), origins, Memo())


def _work_out(
    guidance: Guidance,
    items: Mapping[str, PlannedItem],
    teams: Mapping[Team, Sequence[PlannedItem]],
    origins: Mapping[Pair, Sequence[str]],
    memo: Memo,
) -> OpenPlan:
    """``memo`` is that of the plan before. O((V + E) log V) at most, and O(V + E) to see what is the same."""
    planning = plan_dependencies(items, origins, memo)
    graph = planning.graph
    order = order_teams(teams, planning, guidance, memo)
    return OpenPlan(
        guidance=guidance,
        items=items,
        teams=teams,
        origins=origins,
        order=order,
        circles=[tuple(graph.items[step.earlier].id for step in circle) for circle in deadlocks(planning)],
        ready=_ready(graph, order, guidance, memo),
        memo=memo,
    )


def _ready(graph: Graph[PlannedItem], order: Order, guidance: Guidance, memo: Memo) -> Column:
    """Forecasts of what has dependencies, by nodes of the order; all else is ready when it is due."""
    days = forecasts(graph, date_mode(guidance.plan), memo).days
    ready = order.dues.copy()
    number = order.numbering.number
    ready[[number[item.id] for item in graph.items]] = [UNKNOWN if day is None else day for day in days]
    return ready


@dataclass(frozen=True, slots=True)
class Change:
    """``items`` as they are afterwards; None for those that are not open.

    What leaves takes its dependencies with it; a dependency whose ends are not both there is none.
    """

    items: Mapping[str, PlannedItem | None] = field(default_factory=dict)
    added: Mapping[Pair, Sequence[str]] = field(default_factory=dict)  # with their origins
    removed: Collection[Pair] = ()


def plan_after(before: OpenPlan, change: Change) -> OpenPlan:
    """The plan that a change leads to: the same as if it were worked out from the start."""
    items, goals = {**before.items}, {**before.guidance.goals}
    for item_id, item in change.items.items():
        items.pop(item_id, None)
        goals.pop(item_id, None)
        if item is not None:
            items[item_id] = item
            if item.goal is not None:
                goals[item_id] = item.goal
    origins = {**before.origins, **change.added}
    for pair in change.removed:
        origins.pop(pair, None)
    between = {
        pair: told
        for pair, told in origins.items()
        if pair[0] in items and pair[1] in items and pair[0] != pair[1]
    }
    guidance = replace(before.guidance, goals=goals)
    return _work_out(guidance, items, _teams_after(before, change), between, before.memo.following())


def _teams_after(before: OpenPlan, change: Change) -> Mapping[Team, Sequence[PlannedItem]]:
    """Only the teams of what changed are put together anew."""
    fresh = [item for item in change.items.values() if item is not None]
    past = [item for item_id in change.items if (item := before.items.get(item_id)) is not None]
    gathered = {
        team: [item for item in before.teams.get(team, ()) if item.id not in change.items]
        for team in map(team_of, (*past, *fresh))
    }
    for item in fresh:
        gathered[team_of(item)].append(item)
    teams = {**before.teams, **gathered}
    return {team: members for team, members in teams.items() if members}


def guided(before: OpenPlan, plan: Plan, pins: Sequence[str]) -> OpenPlan:
    """The same items with another day, product file or pins."""
    guidance = replace(before.guidance, plan=plan, pins=pins)
    return _work_out(guidance, before.items, before.teams, before.origins, before.memo.following())


def change_of(before: OpenPlan, hypothesis: Hypothesis, after: Backlog) -> Change:
    """``after`` holds the items that are set as they would be, and all dependencies of those that open."""
    items = {
        item_id: _planned(before.items.get(item_id), item, after.goals.get(item_id))
        for item_id in hypothesis.values
        if (item := after.items.get(item_id)) is not None
    }
    opening = {item_id for item_id, item in items.items() if item is not None and item_id not in before.items}
    edges = {(edge.blocker.id, edge.dependent.id): edge.origins for edge in after.edges}
    added = {
        pair: origins
        for pair, origins in edges.items()
        if pair not in before.origins and (pair in hypothesis.added or not opening.isdisjoint(pair))
    }
    return Change(items, added, hypothesis.removed)


def _planned(before: PlannedItem | None, item: Item, goal: str | None) -> PlannedItem | None:
    if not item.is_open:
        return None
    if before is None:
        return planned_item(item, goal)
    return before._replace(start=item.start, due=item.due, priority=item.priority)


def planned_item(item: Item, goal: str | None) -> PlannedItem:
    """Of an item that is open."""
    return PlannedItem(
        id=item.id,
        key=item.key,
        source=item.source,
        team=item.team,
        kind=item.kind,
        priority=item.priority,
        start=item.start,
        due=item.due,
        created=item.created,
        rank=item.rank,
        parent=item.parent,
        goal=goal,
    )
