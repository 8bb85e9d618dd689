"""What rules of dependency agreements see: edges between teams with what was agreed on them. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.domain.plan.dependency import Edge
from service.domain.plan.relations import Agreement


class AgreedEdge(NamedTuple):
    """``edge`` is open, and between two teams."""

    edge: Edge
    agreement: Agreement


def agreed_edges(edges: Iterable[Edge], agreements: Mapping[str, Agreement]) -> list[AgreedEdge]:
    """Of any edges. An agreement whose end is closed, or that is within one team by now, binds nobody."""
    if not agreements:
        return []
    between = ((edge.id, edge) for edge in edges if edge.crosses_teams and edge.is_open)
    return [AgreedEdge(edge, agreements[edge_id]) for edge_id, edge in between if edge_id in agreements]
