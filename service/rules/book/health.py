"""How a dependency stands, by the conflicts it is part of (rulebook, "Health"). Pure."""

from collections.abc import Iterable
from typing import Literal

from service.domain.conflict.finding import Finding
from service.domain.plan.dependency import Dependency
from service.rules.book.installed import rules

Health = Literal["ok", "at-risk", "broken"]


def dependency_health(edges: Iterable[Dependency], findings: Iterable[Finding]) -> dict[str, Health]:
    """By edge id. ``findings`` are those not resolved, accepted ones too."""
    unhealthy = unhealthy_dependencies(findings)
    return {
        dependency_id: unhealthy.get(dependency_id, "ok") for dependency_id in (edge.id for edge in edges)
    }


def unhealthy_dependencies(findings: Iterable[Finding]) -> dict[str, Health]:
    """The same, of those edges alone that are not ok."""
    breaking = {name for name, rule in rules().items() if rule.declared.breaks_dependencies}
    health: dict[str, Health] = {}
    for finding in findings:
        is_breaking = finding.rule in breaking
        for dependency_id in finding.edges:
            if is_breaking:
                health[dependency_id] = "broken"
            else:
                health.setdefault(dependency_id, "at-risk")
    return health
