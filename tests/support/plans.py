"""Backlogs as plans of open items, and what leads from one to the next."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from service.domain.graph.backlog import Backlog
from service.domain.plan.item import PlannedItem
from service.domain.what_if.open_plan import Change, OpenPlan, plan_after, planned_item, work_out


def planned_items(backlog: Backlog) -> dict[str, PlannedItem]:
    return {
        item.id: planned_item(item, backlog.goals.get(item.id))
        for item in backlog.items.values()
        if item.is_open
    }


def open_origins(backlog: Backlog) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(edge.blocker.id, edge.dependent.id): edge.origins for edge in backlog.edges if edge.is_open}


def open_plan(backlog: Backlog) -> OpenPlan:
    return work_out(backlog.plan, backlog.pins, planned_items(backlog), open_origins(backlog))


def leading(before: Backlog, after: Backlog) -> Change:
    """What differs between two backlogs, as it would be told."""
    items_before, items = planned_items(before), planned_items(after)
    pairs_before, pairs = open_origins(before), open_origins(after)
    ids = before.items.keys() | after.items.keys()
    return Change(
        items={
            item_id: items.get(item_id) for item_id in ids if items.get(item_id) != items_before.get(item_id)
        },
        added={pair: origins for pair, origins in pairs.items() if pair not in pairs_before},
        removed=pairs_before.keys() - pairs.keys(),
    )


def followed(history: Iterable[Backlog]) -> tuple[OpenPlan, Backlog]:
    """The plan that followed every change, and the backlog at the end."""
    backlogs: Sequence[Backlog] = list(history)
    plan = open_plan(backlogs[0])
    for before, after in pairwise(backlogs):
        plan = plan_after(plan, leading(before, after))
    return plan, backlogs[-1]
