"""Judge the stored backlog and store what came of it, with its events, in one transaction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from service.domain.edge import Edge
from service.domain.event import Event
from service.domain.sparse import sparse_keys
from service.domain.why import stored
from service.flow.conflicts import Outcome, reconcile
from service.flow.context import Context
from service.flow.judge import Judgement, Sites, Snapshot, judge, settled
from service.flow.plan import plan_of
from service.flow.publish import publish
from service.rules import edge_health
from service.store import dependencies, items, revision, snapshot, sources
from service.store.dependencies import Dependency
from service.store.engine import Connection
from service.store.snapshot import Derived


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    items: int
    open_items: int
    edges: int
    opened: int
    changed: int
    resolved: int
    open_conflicts: int


async def analyse(context: Context) -> AnalysisResult:
    """The whole backlog. Reads a snapshot, judges it in a thread, writes only what differs.

    When another process stored an analysis meanwhile, ours would tell of the same changes again: it
    is thrown away and made anew.
    """
    async with context.analysing:
        while True:
            taken = await _take(context)
            plan = plan_of(context.product, context.today)
            judged = await asyncio.to_thread(judge, taken, plan, context.product)
            async with context.database.write() as connection:
                if await revision.claim_analysis(connection, taken.analysed):
                    outcome = await _write(context, connection, taken, judged)
                    break
    context.wake_delivery.set()
    return AnalysisResult(
        items=len(taken.items),
        open_items=len(judged.order.sequence),
        edges=len(judged.backlog.edges),
        opened=outcome.steps["opened"] + outcome.steps["reopened"],
        changed=outcome.steps["changed"],
        resolved=outcome.steps["resolved"],
        open_conflicts=outcome.open_conflicts,
    )


async def _take(context: Context) -> Snapshot:
    async with context.database.read() as connection:
        found, derived = await snapshot.items(connection)
        edges = await snapshot.edges(connection)
        bare = await snapshot.bare_claims(connection)
        known = [(row.key, row.capabilities) for row in await sources.all_sources(connection)]
        claims = settled(bare, Sites.of(known), {key: item.source for key, item in found.items()})
        names = await items.named(connection, list(claims))
        for ref, item_id in names.items():
            for claim in claims[ref]:
                pair = (claim.item, item_id) if claim.relation == "blocks" else (item_id, claim.item)
                edges.append((*pair, claim.origin))
        return Snapshot(
            analysed=await revision.analysed(connection),
            items=found,
            derived=derived,
            edges=edges,
            pins=await snapshot.pins(connection),
            dod_items=await snapshot.dod_lines(connection),
            dod_documents=await snapshot.dod_documents(connection),
        )


async def _write(context: Context, connection: Connection, taken: Snapshot, judged: Judgement) -> Outcome:
    now = context.clock()
    outcome = await reconcile(context, connection, judged.backlog, judged.findings, now)
    health = edge_health(judged.backlog.edges, judged.findings)
    edges = {edge.id: _dependency(edge, health[edge.id]) for edge in judged.backlog.edges}
    has_edges_changed = await dependencies.replace(connection, edges)
    changed = _derive(taken, judged, outcome)
    await snapshot.save_derived(connection, changed)
    teams = await snapshot.save_dod(connection, judged.dod)
    events = outcome.events + [_dod_event(judged, team, now) for team in teams]
    await publish(context, connection, events)
    if events or changed or has_edges_changed or teams:
        await revision.grow(connection)
    return outcome


def _dependency(edge: Edge, health: str) -> Dependency:
    return Dependency(
        id=edge.id,
        blocker=edge.blocker.id,
        dependent=edge.dependent.id,
        blocker_team=edge.blocker.team,
        dependent_team=edge.dependent.team,
        origins=orjson.dumps(edge.origins).decode(),
        cross_team=edge.crosses_teams,
        is_open=edge.is_open,
        health=health,
    )


def _derive(taken: Snapshot, judged: Judgement, outcome: Outcome) -> list[tuple[str, Derived]]:
    """What the analysis says of each item, where that is not what is stored."""
    order, backlog = judged.order, judged.backlog
    old = {
        item_id: taken.derived[item_id].position
        for item_id in order.sequence
        if taken.derived[item_id].position is not None
    }
    positions = {**old, **sparse_keys(order.sequence, old)}
    blocked_by, blocks = _neighbours(backlog.edges)
    pinned = set(backlog.pins)
    changed: list[tuple[str, Derived]] = []
    for item_id, item in backlog.items.items():
        effective = order.effective.get(item_id)
        goal = backlog.goals.get(item_id)
        conflicts = outcome.per_item[item_id]
        body = orjson.dumps(
            {
                "effective_priority": effective,
                "team_position": order.team_position.get(item_id),
                "pinned": item_id in pinned,
                "parent": item.parent if item.parent in backlog.items else None,
                "goal": goal,
                "blocked_by": blocked_by.get(item_id, ()),
                "blocks": blocks.get(item_id, ()),
                "conflicts": conflicts,
            }
        )
        why = orjson.dumps(stored(order.reasons[item_id])).decode() if item.is_open else None
        now = Derived(positions.get(item_id), item.parent, goal, effective, conflicts, body, why)
        if taken.derived[item_id] != now:
            changed.append((item_id, now))
    return changed


def _neighbours(edges: Sequence[Edge]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    blocked_by: dict[str, list[str]] = {}
    blocks: dict[str, list[str]] = {}
    for edge in edges:
        blocked_by.setdefault(edge.dependent.id, []).append(edge.blocker.id)
        blocks.setdefault(edge.blocker.id, []).append(edge.dependent.id)
    return blocked_by, blocks


def _dod_event(judged: Judgement, team: str, now: float) -> Event:
    lines, origin = judged.dod[team]
    data = {"team": team, "lines": list(lines), "origin": origin}
    return Event(type="dod.changed", at=now, teams=(team,), data=data)
