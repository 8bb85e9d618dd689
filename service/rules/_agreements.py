"""What rules of dependency agreements see: edges between teams with what was agreed on them. Pure."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.domain.graph.backlog import Agreement
from service.domain.plan.dependency import Edge


class Agreed(NamedTuple):
    edge: Edge  # open, and between two teams
    agreement: Agreement


def agreed(edges: Iterable[Edge], agreements: Mapping[str, Agreement]) -> list[Agreed]:
    """Of any edges. An agreement whose end is closed, or that is within one team by now, binds nobody."""
    if not agreements:
        return []
    between = ((edge.id, edge) for edge in edges if edge.crosses_teams and edge.is_open)
    return [Agreed(edge, agreements[one]) for one, edge in between if one in agreements]
