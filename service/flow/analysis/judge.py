"""One analysis from stored rows to findings: pure work over a snapshot, run in a thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.product import Product
from service.domain.conflict.finding import Finding
from service.domain.done import Comparison, compare, team_lines
from service.domain.graph.backlog import Backlog
from service.domain.order.order import Order, overarching_order
from service.domain.plan.dependency import Dependency
from service.domain.plan.goals import assign_goals
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.plan.relations import Agreement, Tie, Unresolved
from service.flow.product_plan import catalogue
from service.rules import evaluate
from service.store.backlog.snapshot import Marks


@dataclass(frozen=True, slots=True)
class StoredBacklog:
    """What was read in one transaction."""

    analysed: int  # analyses stored before it
    touched: int  # changes up to this one are in it
    items: Mapping[str, Item]
    marks: Marks
    edges: Sequence[tuple[str, str, str]]  # blocker, dependent, origin
    restricted: Sequence[str]  # items that wait for what nobody may see
    ties: Sequence[Tie]
    unresolved: Sequence[Unresolved]
    agreements: Mapping[str, Agreement]  # by dependency
    pins: Sequence[str]
    dod_items: Mapping[str, list[list[str]]]  # by team
    dod_documents: Mapping[str, list[str]]  # by source


@dataclass(frozen=True, slots=True)
class Judgement:
    backlog: Backlog
    order: Order
    findings: Sequence[Finding]
    dod: Mapping[str, tuple[tuple[str, ...], str]]  # by team: lines and where they came from


def judge_backlog(stored: StoredBacklog, plan: Plan, product: Product) -> Judgement:
    definitions = _definitions(stored, product)
    backlog = Backlog(
        plan=plan,
        items=stored.items,
        edges=_edges(stored),
        goals=assign_goals(stored.items, plan.goals),
        pins=stored.pins,
        dod={team: lines for team, (lines, _) in definitions.items()},
        ties=stored.ties,
        unresolved=stored.unresolved,
        agreements=stored.agreements,
    )
    findings = evaluate(backlog, _comparison(definitions, plan))
    return Judgement(backlog, overarching_order(backlog), findings, definitions)


def _edges(stored: StoredBacklog) -> list[Dependency]:
    """Sorted by ids. Most dependencies are told once: only several origins of one are gathered."""
    known, alone = stored.items.get, _Alone()
    found: list[Dependency] = []
    before: tuple[Item | None, Item | None] = (None, None)
    for blocker, dependent, origin in sorted(stored.edges):
        one, other = known(blocker), known(dependent)
        if one is None or other is None or one is other:
            continue
        if before[0] is one and before[1] is other:
            found[-1] = Dependency(one, other, tuple(sorted({*found[-1].origins, origin})))
            continue
        found.append(Dependency(one, other, alone[origin]))
        before = one, other
    return found


class _Alone(dict[str, tuple[str, ...]]):
    """An origin that tells of a dependency alone, one tuple for all."""

    def __missing__(self, origin: str) -> tuple[str, ...]:
        told = self[origin] = (origin,)
        return told


def _definitions(stored: StoredBacklog, product: Product) -> dict[str, tuple[tuple[str, ...], str]]:
    documents: dict[str, list[str]] = {}
    for source in product.sources:
        team = source.team or source.route[-1].team
        documents.setdefault(team, []).extend(stored.dod_documents.get(source.key, ()))
    return {
        team.key: team_lines(
            stored.dod_items.get(team.key, []), documents.get(team.key) or None, team.definition_of_done
        )
        for team in product.teams
    }


def _comparison(definitions: Mapping[str, tuple[tuple[str, ...], str]], plan: Plan) -> Comparison:
    lines = {team: found for team, (found, _) in definitions.items()}
    return compare(lines, plan.baseline, catalogue())
