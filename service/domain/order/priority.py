"""Effective priority: how urgent an item is for all that waits for it. Pure."""

from service.domain.graph.backlog import Backlog
from service.domain.graph.graph import lowest


def effective_priorities(backlog: Backlog) -> dict[str, int | None]:
    """Of open items: the most urgent among it and all open items downstream; None when unknown."""
    graph = backlog.planning.graph
    own = [item.priority for item in graph.items]
    effective = lowest(graph.blockers, own, own).values
    priorities = {item.id: item.priority for item in backlog.items.values() if item.is_open}
    return priorities | dict(zip((item.id for item in graph.items), effective, strict=True))
