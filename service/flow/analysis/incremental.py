"""Judge again only what a few changed items can touch, from the few rows of their neighbourhood.

That is: every dependency of theirs, and all that open dependencies join to them, before the change
or after it. What is compared over the whole backlog (the order, teams, components) follows with the
next ``analyse``, which finds the same of the rest.
"""

import asyncio
from collections.abc import Collection, Iterable, Mapping

from service.domain.conflict.finding import Finding, conflict_id
from service.domain.graph.backlog import Backlog
from service.domain.order.priority import effective_priorities
from service.domain.plan.dependency import Dependency
from service.domain.plan.goals import assign_goals
from service.domain.plan.product import Plan
from service.domain.plan.relations import Agreement
from service.flow.analysis.derive import Neighbours, dependency_row, item_body
from service.flow.analysis.neighbourhood import Neighbourhood, read_neighbourhood
from service.flow.analysis.reconcile import Outcome, reconcile_conflicts
from service.flow.analysis.restricted_blockers import restricted_dependents
from service.flow.analysis.turn import AnalysisTurn
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.flow.unit_of_work import Work, unit_of_work
from service.rules import (
    agreed_dependencies,
    dependency_findings,
    dependency_health,
    network_of,
    reported,
    rules,
    shape_findings,
    with_originals,
)
from service.store.backlog import pins, snapshot
from service.store.backlog.snapshot import Derived, digest
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import Connection
from service.store.dependencies import dependencies
from service.store.dependencies.joined import TooLargeError
from service.store.process import revision


async def judge_neighbourhood(context: Context) -> bool:
    """Whether that was enough: False when so much has changed that ``analyse`` has to look at everything."""
    async with context.own(AnalysisTurn).lock:
        while True:
            try:
                neighbourhood = await read_neighbourhood(context)
            except TooLargeError:
                return False
            if neighbourhood is None:
                return False
            plan = plan_of(context.product, context.today)
            backlog, found = await asyncio.to_thread(_judge, neighbourhood, plan)
            async with unit_of_work(context) as work:
                if await revision.claim_analysis(work.connection, neighbourhood.analysed):
                    await _write(work, neighbourhood, backlog, found)
                    break
    return True


def _judge(neighbourhood: Neighbourhood, plan: Plan) -> tuple[Backlog, list[Finding]]:
    items = neighbourhood.items
    edges = [
        Dependency(items[blocker], items[dependent], origins)
        for (blocker, dependent), origins in sorted(neighbourhood.pairs.items())
        if blocker in items and dependent in items
    ]
    goals = {
        one: goal
        for one in neighbourhood.items
        if (goal := neighbourhood.derived[one].goal) is not None and one not in neighbourhood.touched
    }
    fresh = assign_goals(items, plan.goals)
    goals |= {one: fresh[one] for one in neighbourhood.touched if one in fresh}
    backlog = Backlog(plan, items, edges, goals)
    told = with_originals(edges, neighbourhood.ties, items)
    return backlog, local_findings(told, plan, neighbourhood.agreements)


def local_findings(
    edges: Iterable[Dependency], plan: Plan, agreements: Mapping[str, Agreement]
) -> list[Finding]:
    """Of the rules that look at edges, at what was agreed on them, and at what they join."""
    edges = list(edges)
    found = list(dependency_findings(edges, plan))
    found += shape_findings("agreement", agreed_dependencies(edges, agreements), plan)
    return found + shape_findings("graph", network_of(edges, reported(found)), plan)


async def _write(work: Work, neighbourhood: Neighbourhood, backlog: Backlog, found: list[Finding]) -> None:
    context, connection = work.context, work.connection
    now = context.clock()
    scope = {finding.id for finding in found} | await _in_question(connection, neighbourhood)
    known = await findings.these(connection, scope)
    outcome = await reconcile_conflicts(context, connection, backlog, found, known, now)
    health = dependency_health(backlog.edges, found)
    for one in await _at_risk_otherwise(connection, neighbourhood, known.keys()) & health.keys():
        health[one] = "at-risk" if health[one] == "ok" else health[one]
    edges = {one: dependency_row(edge, one, health[one]) for edge in backlog.edges if (one := edge.id)}
    have_dependencies_changed = await dependencies.amend(connection, edges, neighbourhood.before)
    changed = await _derive(connection, neighbourhood, backlog, outcome)
    await snapshot.save_derived(connection, changed)
    work.publish(outcome.events)
    work.settle(neighbourhood.until)
    if changed or have_dependencies_changed:
        work.change_answers()


async def _in_question(connection: Connection, neighbourhood: Neighbourhood) -> set[str]:
    """Ids of the stored conflicts that this judgement would find, if they were still there."""
    dependency_rules = [rule.name for rule in rules().values() if rule.scope == "dependency"]
    graph_rules = [rule.name for rule in rules().values() if rule.scope == "dependencies"]
    pairs = {*neighbourhood.pairs, *neighbourhood.gone}
    return {
        conflict_id(rule, pair) for rule in dependency_rules for pair in pairs
    } | await findings.unresolved_ids(connection, graph_rules, neighbourhood.nodes)


async def _at_risk_otherwise(
    connection: Connection, neighbourhood: Neighbourhood, judged: Collection[str]
) -> set[str]:
    """Dependencies that conflicts beyond this judgement are with."""
    kinds = [rule.name for rule in rules().values() if not rule.is_local]
    others = await findings.unresolved_ids(connection, kinds, neighbourhood.nodes) - set(judged)
    return await findings.dependencies_of(connection, others)


async def _derive(
    connection: Connection, neighbourhood: Neighbourhood, backlog: Backlog, outcome: Outcome
) -> list[tuple[str, Derived, int]]:
    concerned = {*neighbourhood.nodes, *outcome.told_of} & backlog.items.keys()
    counts = await findings.open_counts(connection, concerned)
    effective = effective_priorities(backlog)
    hidden = await restricted_dependents(connection, neighbourhood.nodes)
    neighbours = Neighbours.of(((e.blocker.id, e.dependent.id) for e in backlog.edges), hidden)
    pinned = set(await pins.all_pins(connection))
    changed = []
    for one in sorted(concerned):
        old = neighbourhood.derived[one]
        if one in neighbourhood.nodes:
            new = _redrawn(one, old, backlog, effective, neighbours, one in pinned)
        else:
            new = old
        new = new._replace(conflicts=counts.get(one, 0))
        if new != old:
            changed.append((one, new, digest(new)))
    return changed


def _redrawn(
    one: str,
    old: Derived,
    backlog: Backlog,
    effective: Mapping[str, int | None],
    neighbours: Neighbours,
    is_pinned: bool,
) -> Derived:
    """But for its conflicts, which are counted elsewhere. Its place is left to the next full analysis; only
    a closed item loses it at once.
    """
    item, goal = backlog.items[one], backlog.goals.get(one)
    is_open = item.is_open
    return Derived(
        position=old.position if is_open else None,
        place=old.place if is_open else None,
        parent=item.parent,
        goal=goal,
        effective_priority=effective.get(one),
        conflicts=old.conflicts,
        body=item_body(
            item,
            effective=effective.get(one),
            pinned=is_pinned,
            parent=item.parent if item.parent in backlog.items else None,
            goal=goal,
            neighbours=neighbours,
        ),
        why=old.why if is_open else None,
    )
