"""Judge the whole stored backlog and store what came of it, with its events, in one transaction."""

import asyncio
import contextlib
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass

from service.domain.notification.event import Event
from service.flow.analysis.derive import dependency_row, derive_items
from service.flow.analysis.judge import Judgement, StoredBacklog, judge_backlog
from service.flow.analysis.reconcile import Outcome, reconcile_conflicts
from service.flow.analysis.references import missing, pair_of, settled, tie_of
from service.flow.analysis.restricted_blockers import waiting_for_restricted
from service.flow.analysis.statements import attributed
from service.flow.analysis.turn import AnalysisTurn
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.flow.unit_of_work import Work, unit_of_work
from service.rules import unhealthy_dependencies
from service.store.backlog import items, snapshot
from service.store.conflicts import written_conflicts as findings
from service.store.dependencies import agreements, dependencies, statements, unresolved
from service.store.dependencies.dependencies import DependencyRow
from service.store.naming import look_ups, restricted
from service.store.naming.claims import BLOCKING
from service.store.naming.sites import read_sites
from service.store.process import revision, touched


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
    turn = context.own(AnalysisTurn)
    async with turn.lock:
        return await _analyse(context, turn)


async def analyse_up_to(context: Context, change: int) -> None:
    """Unless an analysis that knew of this change is stored already, by whomever."""
    turn = context.own(AnalysisTurn)
    async with turn.lock:
        async with context.database.read() as connection:
            is_judged = await revision.whole(connection) >= change
        if not is_judged:
            await _analyse(context, turn)


async def _analyse(context: Context, turn: AnalysisTurn) -> AnalysisResult:
    """The caller has the turn."""
    began = time.monotonic()
    with uncollected():
        taken, judged, outcome = await _judged(context)
    turn.note(began, time.monotonic())
    turn.day = judged.backlog.plan.today
    return AnalysisResult(
        items=len(taken.items),
        open_items=len(judged.order.sequence),
        edges=len(judged.backlog.edges),
        opened=outcome.steps["opened"] + outcome.steps["reopened"],
        changed=outcome.steps["changed"],
        resolved=outcome.steps["resolved"],
        open_conflicts=outcome.open_conflicts,
    )


async def _judged(context: Context) -> tuple[StoredBacklog, Judgement, Outcome]:
    while True:
        taken = await _take(context)
        plan = plan_of(context.product, context.today)
        judged = await asyncio.to_thread(judge_backlog, taken, plan, context.product)
        async with unit_of_work(context) as work:
            if await revision.claim_analysis(work.connection, taken.analysed):
                outcome = await _write(work, taken, judged)
                break
    return taken, judged, outcome


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Millions of objects that are all in use make a search for cycles among them long and vain."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def _take(context: Context) -> StoredBacklog:
    async with context.database.read() as connection:
        found, marks = await snapshot.items(connection)
        edges = await snapshot.edges(connection)
        bare = await snapshot.bare_claims(connection)
        sites = await read_sites(connection)
        spoken = await statements.all_statements(connection)
        homes = {one: item.source for one, item in found.items()} if bare or spoken else {}
        meant = settled(bare, sites, homes)
        for ref, claims in (await attributed(connection, spoken, sites, homes)).items():
            meant.setdefault(ref, []).extend(claim for claim in claims if claim.item in found)
        names = await items.named(connection, list(meant))
        there = {ref: item_id for ref, item_id in names.items() if item_id in found}
        said = [(claim, there[ref]) for ref, claims in meant.items() if ref in there for claim in claims]
        edges += [
            (*pair_of(claim, other), claim.origin) for claim, other in said if claim.relation in BLOCKING
        ]
        absent = [(ref, claim) for ref, claims in meant.items() if ref not in there for claim in claims]
        absent = [(ref, claim) for ref, claim in absent if found[claim.item].is_open]
        absent += await unresolved.claims(connection)
        answers = await look_ups.states(connection, {ref for ref, _ in absent})
        waiting = await waiting_for_restricted(connection, meant)
        ties = await snapshot.ties(connection)
        ties += [tie_of(claim, other) for claim, other in said if claim.relation not in BLOCKING]
        return StoredBacklog(
            analysed=await revision.analysed(connection),
            touched=(await touched.read(connection)).until,
            items=found,
            marks=marks,
            edges=edges,
            restricted=sorted(waiting.union(await restricted.dependents(connection))),
            ties=[tie for tie in ties if tie.one in found and tie.other in found and tie.one != tie.other],
            unresolved=[*missing(absent, sites, answers), *await unresolved.hidden(connection)],
            agreements=await agreements.binding(connection),
            pins=await snapshot.pins(connection),
            dod_items=await snapshot.dod_lines(connection),
            dod_documents=await snapshot.dod_documents(connection),
        )


async def _write(work: Work, taken: StoredBacklog, judged: Judgement) -> Outcome:
    context, connection = work.context, work.connection
    now = context.clock()
    known = await findings.unresolved_and(connection, [finding.id for finding in judged.findings])
    outcome = await reconcile_conflicts(context, connection, judged.backlog, judged.findings, known, now)
    have_dependencies_changed = await dependencies.replace(connection, dict(_dependencies(judged)))
    changed = await snapshot.save_derived(connection, derive_items(taken, judged, outcome.per_item))
    dod = await snapshot.save_dod(connection, judged.dod)
    events = outcome.events + [_dod_event(judged, team, now) for team in dod.teams]
    work.publish(events)
    work.settle(taken.touched)
    await revision.reach_whole(connection, taken.touched)
    is_new_day = context.own(AnalysisTurn).day != judged.backlog.plan.today
    if changed or have_dependencies_changed or dod.has_changed or is_new_day:
        work.change_answers()
    return outcome


def _dependencies(judged: Judgement) -> Iterator[tuple[str, DependencyRow]]:
    ailing = unhealthy_dependencies(judged.findings)
    for edge in judged.backlog.edges:
        one = edge.id
        yield one, dependency_row(edge, one, ailing.get(one, "ok"))


def _dod_event(judged: Judgement, team: str, now: float) -> Event:
    lines, origin = judged.dod[team]
    data = {"team": team, "lines": list(lines), "origin": origin}
    return Event(type="dod.changed", at=now, teams=(team,), data=data)
