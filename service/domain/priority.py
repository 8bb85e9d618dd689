"""Effective priority: how urgent an item is for all that waits for it. Pure."""

from service.domain.backlog import Backlog
from service.domain.graph import Graph, Lowest, graph_of, lowest


def effective_priorities(backlog: Backlog) -> dict[str, int | None]:
    """Of open items: the most urgent among it and all open items downstream; None when unknown."""
    graph = graph_of((item for item in backlog.items.values() if item.is_open), backlog.edges)
    return {item.id: value for item, value in zip(graph.items, effective(graph).values, strict=True)}


def effective(graph: Graph) -> Lowest:
    own = [item.priority for item in graph.items]
    return lowest(graph, own, own)
