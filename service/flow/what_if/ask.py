"""What a few supposed changes would open, resolve and move. Reads; stores nothing and tells nobody.

Judged are: the dependencies of the changed items and of all that these join; what is above and below
these items, their links, and the work planned on a shared component of theirs; priorities of their
teams; and the teams' orders, where the change makes or breaks a deadlock. What the four fields and
dependencies cannot change, or only by way of the whole backlog, is left out: Definitions of Done, who
owns a component, and blockers that an item names in vain, unless the item closes.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.domain.conflict.finding import Finding
from service.domain.graph.backlog import Backlog
from service.domain.plan.item import OPEN, Item
from service.domain.plan.product import Plan
from service.domain.what_if.epic_forecast import EpicForecast, changed_forecasts
from service.domain.what_if.hypothesis import (
    Hypothesis,
    SupposedChange,
    backlog_after,
    items_of,
    suppose,
)
from service.domain.what_if.moves import moves
from service.domain.what_if.open_plan import OpenPlan, change_of, plan_after
from service.flow.analysis.reconcile import conflict_body, finding_hash, sort_key
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.flow.what_if.answer import ChangedConflict, MovedItem, StoredConflict, SupposedConflict, WhatIf
from service.flow.what_if.kept_plan import current_plan
from service.flow.what_if.supposed_findings import (
    deadlock_findings,
    nearby_findings,
    rules_of,
    team_findings,
)
from service.flow.what_if.supposed_neighbourhood import take_supposed
from service.store.backlog import backlog, snapshot
from service.store.conflicts import written_conflicts
from service.store.database.engine import Connection
from service.store.dependencies import joined


@dataclass(frozen=True, slots=True)
class _Side:
    """The plan without the changes, or with them: what lies near them, and all open items."""

    near: Backlog
    whole: OpenPlan
    findings: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: _Side
    after: _Side
    moved: Sequence[MovedItem]
    forecast: Sequence[EpicForecast]

    @property
    def deadlocked(self) -> set[str]:
        """Items of the deadlocks that only one side has."""
        return {
            item_id for side in (self.before, self.after) for circle in self.only(side) for item_id in circle
        }

    def only(self, side: _Side) -> list[tuple[str, ...]]:
        """The deadlocks that the other side lacks."""
        other = self.after if side is self.before else self.before
        return sorted(set(side.whole.circles).difference(other.whole.circles))


async def what_if(context: Context, changes: Sequence[SupposedChange]) -> WhatIf:
    """Reads in one transaction. Raises ImpossibleChangesError for what does not exist."""
    plan = plan_of(context.product, context.today)
    async with current_plan(context, plan) as (connection, whole):
        hypothesis = await _hypothesis(connection, changes)
        near = await take_supposed(connection, hypothesis, plan)
        compared = await asyncio.to_thread(_compare, near, whole, hypothesis)
        far_items, _ = await snapshot.some_items(connection, compared.deadlocked - near.items.keys())
        gone = await _named_in_vain(connection, hypothesis)
    return await asyncio.to_thread(_answer, context, compared, far_items, gone)


async def _hypothesis(connection: Connection, changes: Sequence[SupposedChange]) -> Hypothesis:
    ids = items_of(changes)
    existing = await backlog.teams_of(connection, sorted(ids))
    stored = {dependency.pair for dependency in await joined.dependencies_of(connection, ids)}
    return suppose(changes, existing, stored)


async def _named_in_vain(connection: Connection, hypothesis: Hypothesis) -> list[StoredConflict]:
    """Conflicts about blockers that cannot be found, of items that close."""
    closing = [
        item_id for item_id, values in hypothesis.values.items() if values.get("state", "todo") not in OPEN
    ]
    ids = await written_conflicts.unresolved_ids(connection, rules_of("references"), closing)
    rows = await written_conflicts.whole(connection, ids)
    return [StoredConflict(row["id"], row["kind"], row["severity"], row["body"]) for row in rows]


def _compare(near: Backlog, whole: OpenPlan, hypothesis: Hypothesis) -> _Comparison:
    near_after = backlog_after(near, hypothesis)
    whole_after = plan_after(whole, change_of(whole, hypothesis, near_after))
    teams = _counted(near, hypothesis)
    return _Comparison(
        before=_side(near, whole, teams),
        after=_side(near_after, whole_after, teams),
        moved=_moved(whole, whole_after),
        forecast=list(changed_forecasts(whole, whole_after)),
    )


def _counted(near: Backlog, hypothesis: Hypothesis) -> set[str]:
    """The teams of which more or fewer items may be urgent."""
    return {
        near.items[item_id].team
        for item_id, values in hypothesis.values.items()
        if item_id in near.items and values.keys() & {"priority", "state"}
    }


def _side(near: Backlog, whole: OpenPlan, teams: Collection[str]) -> _Side:
    return _Side(near, whole, [*nearby_findings(near), *team_findings(whole, near.plan, teams)])


def _moved(before: OpenPlan, after: OpenPlan) -> list[MovedItem]:
    return [
        MovedItem(move.item, (before.items.get(move.item) or after.items[move.item]).key, *move[1:])
        for move in moves(before.order, after.order)
    ]


def _answer(
    context: Context, compared: _Comparison, far_items: Mapping[str, Item], gone: Sequence[StoredConflict]
) -> WhatIf:
    plan = compared.before.near.plan
    before = _by_id(compared, compared.before, far_items)
    after = _by_id(compared, compared.after, far_items)
    items_before = {**far_items, **compared.before.near.items}
    items_after = {**far_items, **compared.after.near.items}
    changed = [after[name] for name in after.keys() & before.keys() if _differs(before[name], after[name])]
    return WhatIf(
        opened=_told(context, plan, items_after, [after[name] for name in after.keys() - before.keys()]),
        resolved=[
            *_told(context, plan, items_before, [before[name] for name in before.keys() - after.keys()]),
            *gone,
        ],
        changed=[
            ChangedConflict(conflict, before[conflict.id].severity)
            for conflict in _told(context, plan, items_after, changed)
        ],
        moved=compared.moved,
        forecast=compared.forecast,
    )


def _by_id(compared: _Comparison, side: _Side, far_items: Mapping[str, Item]) -> dict[str, Finding]:
    items = {**far_items, **side.near.items}
    deadlocked = deadlock_findings(compared.only(side), items, side.whole.origins, side.near.plan)
    return {finding.id: finding for finding in (*side.findings, *deadlocked)}


def _differs(before: Finding, after: Finding) -> bool:
    return finding_hash(before) != finding_hash(after)


def _told(
    context: Context, plan: Plan, items: Mapping[str, Item], findings: Iterable[Finding]
) -> list[SupposedConflict]:
    return [
        SupposedConflict(
            finding.id, finding.rule, finding.severity, conflict_body(context, plan, items, finding)
        )
        for finding in sorted(findings, key=sort_key)
    ]
