"""How a dependency stands, by the conflicts it is part of (rulebook, "Health"). Pure."""

from collections.abc import Iterable
from typing import Literal

from service.domain.edge import Edge
from service.domain.finding import Finding

Health = Literal["ok", "at-risk", "broken"]

_BREAKING = {"dependency-dropped", "dependency-date", "dependency-overdue", "dependency-cycle"}


def edge_health(edges: Iterable[Edge], findings: Iterable[Finding]) -> dict[str, Health]:
    """By edge id. ``findings`` are those not resolved, accepted ones too."""
    health: dict[str, Health] = {edge.id: "ok" for edge in edges}
    for finding in findings:
        is_breaking = finding.rule in _BREAKING
        for one in finding.edges:
            if is_breaking:
                health[one] = "broken"
            elif health[one] == "ok":
                health[one] = "at-risk"
    return health
