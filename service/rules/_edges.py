"""The pass over edges: each seen once, by every rule of that shape. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from service.domain.conflict.finding import Finding, Role
from service.domain.plan.dependency import Edge
from service.domain.plan.product import Plan
from service.rules._hit import Hit
from service.rules._rule import Bound, bound
from service.rules._teams import in_file_order


class _Lane(NamedTuple):
    """``exclusive`` are the rules marked ◆: of those only the first that applies reports."""

    exclusive: Sequence[Bound]
    free: Sequence[Bound]


def edge_findings(edges: Iterable[Edge], plan: Plan) -> Iterator[Finding]:
    """Of any edges: all of them, the neighbourhood of a change, or changed copies."""
    active = bound(plan, "edge")
    across = _lane(active)
    within = _lane([rule for rule in active if rule.settings.scope == "all"])
    for edge in edges:
        lane = within if edge.blocker.team == edge.dependent.team else across
        for rule in lane.exclusive:
            hit = rule.find(edge, plan, rule.settings)
            if hit is not None:
                yield edge_finding(rule.name, edge, hit, plan)
                break
        for rule in lane.free:
            hit = rule.find(edge, plan, rule.settings)
            if hit is not None:
                yield edge_finding(rule.name, edge, hit, plan)


def _lane(active: Sequence[Bound]) -> _Lane:
    return _Lane(
        exclusive=[rule for rule in active if rule.is_exclusive],
        free=[rule for rule in active if not rule.is_exclusive],
    )


def edge_finding(rule: str, edge: Edge, hit: Hit, plan: Plan) -> Finding:
    blocker, dependent = edge.blocker, edge.dependent
    return Finding(
        rule=rule,
        identity=(blocker.id, dependent.id),
        severity=hit.severity,
        roles=(Role(blocker.id, "blocker"), Role(dependent.id, "dependent")),
        teams=in_file_order((blocker.team, dependent.team), plan),
        wording=hit.wording,
        facts=hit.facts,
        edges=(edge.id,),
    )
