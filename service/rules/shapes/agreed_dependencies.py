"""What rules of dependency agreements see: edges between teams with what was agreed on them. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.domain.plan.dependency import Dependency
from service.domain.plan.relations import Agreement


class AgreedDependency(NamedTuple):
    """``edge`` is open, and between two teams."""

    edge: Dependency
    agreement: Agreement


def agreed_dependencies(
    edges: Iterable[Dependency], agreements: Mapping[str, Agreement]
) -> list[AgreedDependency]:
    """Of any edges. An agreement whose end is closed, or that is within one team by now, binds nobody."""
    if not agreements:
        return []
    between = ((edge.id, edge) for edge in edges if edge.crosses_teams and edge.is_open)
    return [
        AgreedDependency(edge, agreements[dependency_id])
        for dependency_id, edge in between
        if dependency_id in agreements
    ]
