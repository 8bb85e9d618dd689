"""Whom a late item holds up further down the line (rulebook, ``dependency-chain``). Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from service.domain.graph.forecast import Forecasts
from service.domain.graph.graph import Graph
from service.domain.graph.shortest_paths import Search
from service.domain.plan.dates import Mode, needed_on
from service.domain.plan.item import Planned


class Threat(NamedTuple):
    """A dependent whose need-by the forecast of a blocker passes."""

    node: int
    days_late: int


class Endangered(NamedTuple):
    """How late a node is at most, and the state of ``Search`` on the path that carries it there."""

    days_late: int
    state: int


class Slip:
    """What one source's forecast endangers, over paths of two or more edges that cross teams.

    ``last_edges`` are all by which what comes too late arrives.
    """

    def __init__(
        self,
        source: int,
        search: Search,
        ends: Mapping[int, Endangered],
        last_edges: Sequence[tuple[int, int]],
    ) -> None:
        self.source = source
        self.last_edges = last_edges
        self.endangered = sorted(ends, key=lambda node: (-ends[node].days_late, node))
        self._search, self._ends = search, ends

    def days_late(self, node: int) -> int:
        return self._ends[node].days_late

    def path(self, node: int) -> list[int]:
        """From the source to an endangered node, both included."""
        return [*reversed(self._search.path(self._ends[node].state)), node]

    def edges(self) -> list[tuple[int, int]]:
        """Of all its paths, each once, sorted."""
        edges = {(end.state // 2, node) for node, end in self._ends.items()}
        walked: set[int] = set()
        for end in self._ends.values():
            state = end.state
            while state not in walked and (before := self._search.came_from[state]) >= 0:
                walked.add(state)
                edges.add((before // 2, state // 2))
                state = before
        return sorted(edges)


def slips(
    graph: Graph[Planned], mode: Mode, ready: Forecasts, is_reported: Callable[[int, int], bool]
) -> list[Slip]:
    """Lowest source first. An edge that ``is_reported`` endangers nobody here: it speaks for itself.

    O(V + E), unless many sources tie: a search begins at each of those.
    """
    threats = _threats(graph, mode, ready, is_reported)
    onward = _onward(ready, sorted(ready.reached(list(threats))))
    sources = sorted(node for node in onward if not ready.carriers[node])
    return [slip for source in sources if (slip := _slip(graph, threats, onward, source))]


def _threats(
    graph: Graph[Planned], mode: Mode, ready: Forecasts, is_reported: Callable[[int, int], bool]
) -> dict[int, list[Threat]]:
    """By blocker whose forecast is not its own due: its dependents, lowest first."""
    threats: dict[int, list[Threat]] = {}
    for node, item in enumerate(graph.items):
        need_by = needed_on(item, mode) if graph.blockers[node] else None
        if need_by is None:
            continue
        needed = need_by.toordinal()
        for blocker in graph.blockers[node]:
            day = ready.days[blocker]
            if day is None or day <= needed or not ready.carriers[blocker] or is_reported(blocker, node):
                continue
            threats.setdefault(blocker, []).append(Threat(node, day - needed))
    return threats


def _onward(ready: Forecasts, nodes: Sequence[int]) -> dict[int, list[int]]:
    """Where each node's forecast is carried next, in the order of ``nodes``."""
    onward: dict[int, list[int]] = {}
    for node in nodes:
        for carrier in ready.carriers[node]:
            onward.setdefault(carrier, []).append(node)
    return onward


def _slip(
    graph: Graph[Planned],
    threats: Mapping[int, Sequence[Threat]],
    onward: Mapping[int, Sequence[int]],
    source: int,
) -> Slip | None:
    """States are reached the shortest way first, ties by number: the first path is the one to name."""
    search = Search(lambda state: onward.get(state // 2, ()), graph.crosses)
    search.spread_on([source])
    ends: dict[int, Endangered] = {}
    last_edges: dict[tuple[int, int], None] = {}
    for state in search.came_from:
        node, has_crossed = divmod(state, 2)
        for dependent, days_late in threats.get(node, ()):
            if has_crossed or graph.crosses(node, dependent):
                last_edges[node, dependent] = None
                if dependent not in ends or days_late > ends[dependent].days_late:
                    ends[dependent] = Endangered(days_late, state)
    return Slip(source, search, ends, list(last_edges)) if ends else None
