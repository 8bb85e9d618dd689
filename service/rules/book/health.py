"""How a dependency stands, by the conflicts it is part of (rulebook, "Health"). Pure."""

from collections.abc import Iterable
from typing import Literal

from service.domain.conflict.finding import Finding
from service.domain.plan.dependency import Edge
from service.rules.book.installed import rules

Health = Literal["ok", "at-risk", "broken"]


def edge_health(edges: Iterable[Edge], findings: Iterable[Finding]) -> dict[str, Health]:
    """By edge id. ``findings`` are those not resolved, accepted ones too."""
    unhealthy = unhealthy_edges(findings)
    return {edge_id: unhealthy.get(edge_id, "ok") for edge_id in (edge.id for edge in edges)}


def unhealthy_edges(findings: Iterable[Finding]) -> dict[str, Health]:
    """The same, of those edges alone that are not ok."""
    breaking = {name for name, rule in rules().items() if rule.declared.breaks_edges}
    health: dict[str, Health] = {}
    for finding in findings:
        is_breaking = finding.rule in breaking
        for edge_id in finding.edges:
            if is_breaking:
                health[edge_id] = "broken"
            else:
                health.setdefault(edge_id, "at-risk")
    return health
