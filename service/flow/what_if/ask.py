"""What a few supposed changes would open, resolve and move. Reads; stores nothing and tells nobody.

Judged are: the dependencies around the changed items and all that they join; what is above and below
these items, their links, and the work planned on a shared component of theirs; priorities of their
teams; and the teams' orders, where the change can make or break a circle of them. What the four fields
and dependencies cannot change, or only by way of the whole backlog, is left out: Definitions of Done,
who owns a component, and blockers that an item names in vain, unless the item closes.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from service.domain.conflict.finding import Finding
from service.domain.conflict.lifecycle import Turn
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.item import OPEN
from service.domain.plan.product import Plan
from service.domain.what_if.circles import Circle
from service.domain.what_if.epic_forecast import Outlook
from service.domain.what_if.horizon import Difference, Horizon, difference
from service.domain.what_if.hypothesis import Supposed, backlog_after
from service.domain.what_if.supposition import backlog_of, change_of
from service.flow.analysis.reconcile import conflict_row, finding_hash, sort_key
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.flow.what_if.kept_plan import Kept, foreseen
from service.flow.what_if.moved_lines import lines
from service.flow.what_if.scene import Scene, take_scene
from service.rules import Scope, evaluate, rules
from service.store.backlog import snapshot
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import Connection, RowMapping

_NO_COMPARISON = Comparison((), ())

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Conflicts in the rulebook's order, as the API shows them; those ``changed`` as they would be.

    ``moved`` is JSON.
    """

    opened: Sequence[Record]
    resolved: Sequence[Record]
    changed: Sequence[Record]
    moved: bytes
    forecast: Sequence[Record]


@dataclass(frozen=True, slots=True)
class _Verdict:
    before: Mapping[str, Finding]
    after: Mapping[str, Finding]
    backlogs: tuple[Backlog, Backlog]
    moved: bytes
    outlooks: Sequence[Outlook]
    keys: Mapping[str, str]  # of the epics that are forecast


async def what_if(context: Context, supposed: Supposed) -> WhatIf:
    """The items that ``supposed`` speaks of exist, and so do the dependencies that it removes."""
    plan = plan_of(context.product, context.today)
    kept = await foreseen(context, plan)
    async with context.database.read() as connection:
        scene = await take_scene(connection, supposed, plan)
        gone = await _named_in_vain(connection, supposed)
    verdict = await asyncio.to_thread(_judge, scene, kept, supposed, plan)
    async with context.database.read() as connection:
        verdict = await _with_items(connection, verdict)
    return _answer(context, verdict, gone)


async def _named_in_vain(connection: Connection, supposed: Supposed) -> list[Record]:
    """Conflicts about blockers that cannot be found, of items that close."""
    closing = [one for one, told in supposed.values.items() if told.get("state", "todo") not in OPEN]
    ids = await findings.unresolved_ids(connection, _rules_of("references"), closing)
    return [_stored(row) for row in await findings.whole(connection, ids)]


def _judge(scene: Scene, kept: Kept, supposed: Supposed, plan: Plan) -> _Verdict:
    horizon = kept.horizon
    near = replace(scene.backlog, plan=_only(plan, lambda name: rules()[name].is_judged_nearby))
    near_after = backlog_after(near, supposed)
    later = horizon.after(change_of(horizon.board, supposed, scene.backlog))
    apart = difference(horizon, later)
    teams = _counted(scene, supposed)
    before = [*evaluate(near, _NO_COMPARISON), *_far(horizon, apart.resolved, teams, plan)]
    after = [*evaluate(near_after, _NO_COMPARISON), *_far(later, apart.opened, teams, plan)]
    return _Verdict(
        before={one.id: one for one in before},
        after={one.id: one for one in after},
        backlogs=(near, near_after),
        moved=lines(horizon, later, kept.heads),
        outlooks=apart.outlooks,
        keys=_keys(apart, horizon, later),
    )


def _keys(apart: Difference, *horizons: Horizon) -> dict[str, str]:
    told = [(one.epic, horizon.board.get(one.epic)) for one in apart.outlooks for horizon in horizons]
    return {one: item.key for one, item in told if item is not None}


def _only(plan: Plan, is_wanted: Callable[[str], bool]) -> Plan:
    off = {name: None for name in rules() if not is_wanted(name)}
    return replace(plan, rules={**plan.rules, **off})


def _rules_of(scope: Scope) -> list[str]:
    return [name for name, rule in rules().items() if rule.scope == scope]


def _far(horizon: Horizon, circles: Iterable[Circle], teams: Collection[str], plan: Plan) -> list[Finding]:
    """Of the rules that look far and wide: a circle by itself is a knot, with nothing shorter in it."""
    board = horizon.board
    theirs = [nodes for (team, _), nodes in board.chains.items() if team in teams]
    parts: list[tuple[Sequence[str], Scope]] = [(circle, "order") for circle in circles]
    parts += [(tuple(board.item(node).id for nodes in theirs for node in nodes), "team")]
    return [
        finding
        for ids, scope in parts
        if ids
        for finding in evaluate(
            backlog_of(board, ids, _only(plan, _rules_of(scope).__contains__)), _NO_COMPARISON
        )
    ]


def _counted(scene: Scene, supposed: Supposed) -> set[str]:
    """The teams of which more or fewer items may be urgent."""
    items = scene.backlog.items
    return {
        items[one].team
        for one, told in supposed.values.items()
        if one in items and told.keys() & {"priority", "state"}
    }


async def _with_items(connection: Connection, verdict: _Verdict) -> _Verdict:
    """Items that far-reaching findings name, with their titles."""
    named = {role.item for one in (*verdict.before.values(), *verdict.after.values()) for role in one.roles}
    before, after = verdict.backlogs
    missing, _ = await snapshot.some_items(connection, named - before.items.keys())
    return replace(
        verdict,
        backlogs=(
            replace(before, items={**missing, **before.items}),
            replace(after, items={**missing, **after.items}),
        ),
    )


def _answer(context: Context, verdict: _Verdict, gone: Sequence[Record]) -> WhatIf:
    before, after = verdict.before, verdict.after
    was, would_be = verdict.backlogs
    changed = [one for one in after.keys() & before.keys() if _differs(before[one], after[one])]
    return WhatIf(
        opened=_told(context, would_be, [after[one] for one in after.keys() - before.keys()]),
        resolved=[*_told(context, was, [before[one] for one in before.keys() - after.keys()]), *gone],
        changed=[
            told | {"severity_before": before[told["id"]].severity}
            for told in _told(context, would_be, [after[one] for one in changed])
        ],
        moved=verdict.moved,
        forecast=[
            {"item": one.epic, "key": verdict.keys[one.epic], "before": one.before, "after": one.after}
            for one in verdict.outlooks
        ],
    )


def _differs(before: Finding, after: Finding) -> bool:
    return finding_hash(before) != finding_hash(after)


def _told(context: Context, backlog: Backlog, found: Iterable[Finding]) -> list[dict[str, Any]]:
    step, now = Turn("opened", "open"), context.clock()
    ordered = sorted(found, key=sort_key)
    return [_stored(conflict_row(context, backlog, one, step, None, now)) for one in ordered]


def _stored(row: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    body: dict[str, Any] = orjson.loads(row["body"])
    return {name: row[name] for name in ("id", "kind", "severity")} | body
