"""One analysis from stored rows to findings: pure work over a snapshot, run in a thread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from config.product import Product
from service.domain.backlog import Backlog
from service.domain.done import Comparison, compare, team_lines
from service.domain.edge import Edge
from service.domain.finding import Finding
from service.domain.goals import assign_goals
from service.domain.item import Item
from service.domain.order import Order, overarching_order
from service.domain.plan import Plan
from service.domain.references import settle
from service.flow.plan import catalogue
from service.rules import evaluate
from service.store.snapshot import Claim, Mark


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was read in one transaction."""

    analysed: int  # analyses stored before it
    touched: int  # changes up to this one are in it
    items: Mapping[str, Item]
    marks: Mapping[str, Mark]
    edges: Sequence[tuple[str, str, str]]  # blocker, dependent, origin
    restricted: Sequence[str]  # items that wait for what nobody may see
    pins: Sequence[str]
    dod_items: Mapping[str, list[list[str]]]  # by team
    dod_documents: Mapping[str, list[str]]  # by source


@dataclass(frozen=True, slots=True)
class Judgement:
    backlog: Backlog
    order: Order
    findings: Sequence[Finding]
    dod: Mapping[str, tuple[tuple[str, ...], str]]  # by team: lines and where they came from


@dataclass(frozen=True, slots=True)
class Sites:
    """Where each source lives and what it holds, as its connector said."""

    home: Mapping[str, str]  # source → site
    held: tuple[str, ...]

    @classmethod
    def of(cls, capabilities: Iterable[tuple[str, str | None]]) -> "Sites":
        told = {source: orjson.loads(text) for source, text in capabilities if text}
        held = {prefix for one in told.values() for prefix in one.get("holds", ())}
        return cls({source: one["site"] for source, one in told.items()}, tuple(sorted(held)))


def settled(claims: Sequence[Claim], sites: Sites, source_of: Mapping[str, str]) -> dict[str, list[Claim]]:
    """Claims by the canonical reference they turn out to mean."""
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        ref = settle(claim.ref, sites.home.get(source_of.get(claim.item, ""), ""), sites.held)
        if ref:
            found.setdefault(ref, []).append(claim)
    return found


def judge(snapshot: Snapshot, plan: Plan, product: Product) -> Judgement:
    definitions = _definitions(snapshot, product)
    backlog = Backlog(
        plan=plan,
        items=snapshot.items,
        edges=_edges(snapshot),
        goals=assign_goals(snapshot.items, plan.goals),
        pins=snapshot.pins,
        dod={team: lines for team, (lines, _) in definitions.items()},
    )
    findings = evaluate(backlog, _comparison(definitions, plan))
    return Judgement(backlog, overarching_order(backlog), findings, definitions)


def _edges(snapshot: Snapshot) -> list[Edge]:
    origins: dict[tuple[str, str], set[str]] = {}
    for blocker, dependent, origin in snapshot.edges:
        origins.setdefault((blocker, dependent), set()).add(origin)
    items = snapshot.items
    return [
        Edge(items[blocker], items[dependent], tuple(sorted(found)))
        for (blocker, dependent), found in sorted(origins.items())
        if blocker != dependent and blocker in items and dependent in items
    ]


def _definitions(snapshot: Snapshot, product: Product) -> dict[str, tuple[tuple[str, ...], str]]:
    documents: dict[str, list[str]] = {}
    for source in product.sources:
        team = source.team or source.route[-1].team
        documents.setdefault(team, []).extend(snapshot.dod_documents.get(source.key, ()))
    return {
        team.key: team_lines(
            snapshot.dod_items.get(team.key, []), documents.get(team.key) or None, team.definition_of_done
        )
        for team in product.teams
    }


def _comparison(definitions: Mapping[str, tuple[tuple[str, ...], str]], plan: Plan) -> Comparison:
    lines = {team: found for team, (found, _) in definitions.items()}
    return compare(lines, plan.baseline, catalogue())
