"""The pass over edges: each looked at once, by every rule of that shape. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from service.domain.conflict.finding import Finding, Role
from service.domain.plan.dependency import Dependency
from service.domain.plan.product import Plan
from service.rules.book.installed import ActiveRule, active_rules
from service.rules.support.facts import DependencyFinding
from service.rules.support.file_order import in_file_order


class _Lane(NamedTuple):
    """``exclusive`` are the rules marked ◆: of those only the first that applies reports."""

    exclusive: Sequence[ActiveRule]
    free: Sequence[ActiveRule]


def dependency_findings(edges: Iterable[Dependency], plan: Plan) -> Iterator[Finding]:
    """Of any edges: all of them, the neighbourhood of a change, or changed copies."""
    active = active_rules(plan, "edge")
    across = _lane(active)
    within = _lane([rule for rule in active if getattr(rule.settings, "scope", None) == "all"])
    for edge in edges:
        lane = within if edge.blocker.team == edge.dependent.team else across
        for rule in lane.exclusive:
            result = rule.find(edge, plan, rule.settings)
            if result is not None:
                yield finding_on_dependency(rule.name, edge, result, plan)
                break
        for rule in lane.free:
            result = rule.find(edge, plan, rule.settings)
            if result is not None:
                yield finding_on_dependency(rule.name, edge, result, plan)


def _lane(active: Sequence[ActiveRule]) -> _Lane:
    return _Lane(
        exclusive=[rule for rule in active if rule.is_exclusive],
        free=[rule for rule in active if not rule.is_exclusive],
    )


def finding_on_dependency(rule: str, edge: Dependency, result: DependencyFinding, plan: Plan) -> Finding:
    blocker, dependent = edge.blocker, edge.dependent
    return Finding(
        rule=rule,
        identity=(blocker.id, dependent.id),
        severity=result.severity,
        roles=(Role(blocker.id, "blocker"), Role(dependent.id, "dependent")),
        teams=in_file_order((blocker.team, dependent.team), plan),
        wording=result.wording,
        facts=result.facts,
        edges=(edge.id,),
    )
