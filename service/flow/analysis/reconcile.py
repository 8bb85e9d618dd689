"""Compare what the rules find now with what is stored, and write the difference with its events."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from service.domain.conflict.finding import SEVERITIES, Finding
from service.domain.conflict.lifecycle import OPEN_CONFLICTS, CurrentLife, Turn, fingerprint, turn
from service.domain.graph.backlog import Backlog
from service.domain.notification.event import Event
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.flow.context import Context
from service.flow.product_plan import decision, in_product_order, owners
from service.flow.telling.conflict_event import conflict_event
from service.flow.telling.deadline import escalates_at
from service.rules import lasting_facts, place, told_with_staleness, version
from service.store.conflicts import written_conflicts as store
from service.store.conflicts.written_conflicts import ComparedConflict
from service.store.database.engine import Connection


@dataclass(slots=True)
class Outcome:
    """``per_item`` counts the open conflicts of each item; ``told_of`` are items of what changed."""

    steps: Counter[str] = field(default_factory=Counter)
    open_conflicts: int = 0
    per_item: Counter[str] = field(default_factory=Counter)
    told_of: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)


async def reconcile_conflicts(
    context: Context,
    connection: Connection,
    backlog: Backlog,
    found: Sequence[Finding],
    known: Mapping[str, ComparedConflict],
    now: float,
) -> Outcome:
    """Store what opened, changed, reopened and resolved; the caller publishes ``events``.

    ``known`` are the stored conflicts that this judgement speaks of: one of them that is not in
    ``found`` is no longer there.
    """
    by_id = {finding.id: finding for finding in found}
    current = {one: CurrentLife(finding.severity, finding_hash(finding)) for one, finding in by_id.items()}
    held = await _held(connection, [one for one in known if one not in by_id])
    turns = {
        one: step
        for one in {**known, **by_id}
        if (
            step := turn(
                known[one].known if one in known else None, current.get(one), backlog.plan.today, one in held
            )
        )
    }
    outcome = Outcome()
    await _write_found(context, connection, backlog, by_id, known, turns, now, outcome)
    await _write_resolved(context, connection, turns, now, outcome)
    _count(outcome, by_id, known, turns)
    return outcome


async def _held(connection: Connection, missing: Sequence[str]) -> set[str]:
    held = await store.held(connection, missing)
    if unsure := await store.unsure_teams(connection):
        with_items = await store.items_of(connection, missing)
        teams = await store.teams_of(connection, set(missing) - with_items.keys())
        held.update(conflict for conflict, named in teams.items() if not unsure.isdisjoint(named))
    return held


async def _write_found(
    context: Context,
    connection: Connection,
    backlog: Backlog,
    by_id: Mapping[str, Finding],
    known: Mapping[str, ComparedConflict],
    turns: Mapping[str, Turn],
    now: float,
    outcome: Outcome,
) -> None:
    rows = []
    for one, finding in by_id.items():
        before = known.get(one)
        if before is not None and _is_same(context, backlog, finding, turns[one], before, now):
            continue
        row = conflict_row(context, backlog, finding, turns[one], before, now)
        rows.append(row)
        if turns[one].step != "kept":
            outcome.told_of.update(role.item for role in finding.roles)
            outcome.events.append(conflict_event(f"conflict.{turns[one].step}", row, finding.teams, now))
    written = [by_id[row["id"]] for row in rows]
    await store.save(
        connection,
        rows,
        sorted({(finding.id, role.item, role.role) for finding in written for role in finding.roles}),
        [(finding.id, team) for finding in written for team in dict.fromkeys(finding.teams)],
        [(finding.id, edge) for finding in written for edge in dict.fromkeys(finding.edges)],
    )
    told = [row["id"] for row in rows if turns[row["id"]].step != "kept"]
    for step in ("opened", "changed", "reopened"):
        ids = [one for one in told if turns[one].step == step]
        await store.note(connection, ids, step, now, "attune", [turns[one].note for one in ids])
    await store.end_acceptance(connection, [one for one in told if turns[one].step == "reopened"])


def _is_same(
    context: Context, backlog: Backlog, finding: Finding, step: Turn, before: ComparedConflict, now: float
) -> bool:
    """What is kept has the facts it had; all else that is told of it stands in its body."""
    return (
        step.step == "kept"
        and before.sort == sort_key(finding)
        and before.escalates_at == escalates_at(context.product, finding, step, before, now)
        and before.digest == store.digest(_body(context, backlog, finding))
    )


async def _write_resolved(
    context: Context, connection: Connection, turns: Mapping[str, Turn], now: float, outcome: Outcome
) -> None:
    ids = [one for one, step in turns.items() if step.step == "resolved"]
    await store.resolve(connection, ids, now)
    await store.note(connection, ids, "resolved", now, "attune", [None] * len(ids))
    rows = {row["id"]: dict(row) for row in await store.whole(connection, ids)}
    items, teams = await store.items_of(connection, ids), await store.teams_of(connection, ids)
    for conflict in ids:
        outcome.told_of.update(items.get(conflict, ()))
        concerned = in_product_order(context.product, teams.get(conflict, ()))
        outcome.events.append(conflict_event("conflict.resolved", rows[conflict], concerned, now))


def _count(
    outcome: Outcome,
    by_id: Mapping[str, Finding],
    known: Mapping[str, ComparedConflict],
    turns: Mapping[str, Turn],
) -> None:
    outcome.steps.update(step.step for step in turns.values())
    for one in {**known, **by_id}:
        state = turns[one].state if one in turns else known[one].known.state
        if state not in OPEN_CONFLICTS:
            continue
        outcome.open_conflicts += 1
        if one in by_id:
            outcome.per_item.update({role.item for role in by_id[one].roles if role.role != "via"})


def conflict_row(
    context: Context,
    backlog: Backlog,
    finding: Finding,
    step: Turn,
    before: ComparedConflict | None,
    now: float,
) -> dict[str, Any]:
    """``before`` is what is stored of the same conflict, None for a new one."""
    first_seen = before.first_seen if before is not None else now
    is_told = step.step != "kept"
    goals = [backlog.goals[role.item] for role in finding.roles if role.item in backlog.goals]
    return {
        "id": finding.id,
        "kind": finding.rule,
        "severity": finding.severity,
        "state": step.state,
        "sort": sort_key(finding),
        "goal": goals[0] if goals else None,
        "hash": finding_hash(finding),
        "body": _body(context, backlog, finding),
        "first_seen": first_seen,
        "last_seen": now,
        "resolved_at": None,
        "escalates_at": escalates_at(context.product, finding, step, before, now),
        "changed_at": now if is_told or before is None else before.changed_at,
    }


def sort_key(finding: Finding) -> str:
    """Sorts as text into the rulebook's order: severity, the rule's place in its table, id."""
    severity = len(SEVERITIES) - 1 - SEVERITIES.index(finding.severity)
    return f"{severity}{place(finding.rule):03d}{finding.id}"


def finding_hash(finding: Finding) -> bytes:
    """Changes when something changes that is worth an event."""
    return fingerprint(finding.severity, lasting_facts(finding))


def _body(context: Context, backlog: Backlog, finding: Finding) -> str:
    return orjson.dumps(conflict_body(context, backlog.plan, backlog.items, finding)).decode()


def conflict_body(
    context: Context, plan: Plan, items: Mapping[str, Item], finding: Finding
) -> dict[str, Any]:
    """What is told of a conflict besides its life; ``items`` hold all that the finding names."""
    text, facts = told_with_staleness(finding, items, plan)
    return {
        "rule_version": version(finding.rule),
        **text._asdict(),
        "items": [
            {"id": item.id, "key": item.key, "team": item.team, "title": item.title, "role": role}
            for item, role in ((items[role.item], role.role) for role in finding.roles)
        ],
        "teams": finding.teams,
        "owners": owners(context.product, finding.teams),
        "decider": decision(context.product, finding.rule, finding.severity),
        "facts": facts,
        "dependencies": finding.edges,
    }
