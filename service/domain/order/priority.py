"""Effective priority: how urgent an item is for all that waits for it. Pure."""

from service.domain.graph.backlog import Backlog
from service.domain.graph.graph import Graph, Lowest, lowest


def effective_priorities(backlog: Backlog) -> dict[str, int | None]:
    """Of open items: the most urgent among it and all open items downstream; None when unknown."""
    graph = backlog.planning.graph
    found = {item.id: item.priority for item in backlog.items.values() if item.is_open}
    found.update(zip((item.id for item in graph.items), effective(graph).values, strict=True))
    return found


def effective(graph: Graph) -> Lowest:
    own = [item.priority for item in graph.items]
    return lowest(graph, own, own)
