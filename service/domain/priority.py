"""Effective priority: how urgent an item is for all that waits for it. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from service.domain.backlog import Backlog
from service.domain.graph import Graph, graph_of, lowest_downstream


class Effective(NamedTuple):
    """``source`` is the node whose own priority it is; the item itself before any other."""

    value: int | None
    source: int


def effective_priorities(backlog: Backlog) -> dict[str, int | None]:
    """Of open items: the most urgent among it and all open items downstream; None when unknown."""
    graph = graph_of((item for item in backlog.items.values() if item.is_open), backlog.edges)
    found = effective(graph)
    return {item.id: one.value for item, one in zip(graph.items, found, strict=True)}


def effective(graph: Graph) -> Sequence[Effective]:
    own = [item.priority for item in graph.items]
    sources = lowest_downstream(graph, own)
    return [_lower(own, node, source) for node, source in enumerate(sources)]


def _lower(own: Sequence[int | None], node: int, source: int | None) -> Effective:
    mine = own[node]
    theirs = None if source is None else own[source]
    if source is None or theirs is None or (mine is not None and mine <= theirs):
        return Effective(mine, node)
    return Effective(theirs, source)
