"""How a dependency stands, by the conflicts it is part of (rulebook, "Health"). Pure."""

from collections.abc import Iterable
from typing import Literal

from service.domain.conflict.finding import Finding
from service.domain.plan.dependency import Edge

Health = Literal["ok", "at-risk", "broken"]

_BREAKING = {"dependency-dropped", "dependency-date", "dependency-overdue", "dependency-cycle"}


def edge_health(edges: Iterable[Edge], findings: Iterable[Finding]) -> dict[str, Health]:
    """By edge id. ``findings`` are those not resolved, accepted ones too."""
    ailing = ailments(findings)
    return {one: ailing.get(one, "ok") for one in (edge.id for edge in edges)}


def ailments(findings: Iterable[Finding]) -> dict[str, Health]:
    """The same, of those edges alone that are not ok."""
    health: dict[str, Health] = {}
    for finding in findings:
        is_breaking = finding.rule in _BREAKING
        for one in finding.edges:
            if is_breaking:
                health[one] = "broken"
            else:
                health.setdefault(one, "at-risk")
    return health
