"""Whom a late item holds up further down the line (rulebook, ``dependency-chain``). Pure."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from service.domain.graph.forecast import Forecasts
from service.domain.graph.graph import Graph
from service.domain.plan.dates import Mode, needed_on
from service.domain.plan.item import Planned


class Threat(NamedTuple):
    """A dependent whose need-by the forecast of a blocker passes."""

    node: int
    days_late: int


class Reach(NamedTuple):
    """How late an endangered node is at most, and the end of the way that carries it there."""

    days_late: int
    state: int


class Slip:
    """What one source's forecast endangers, over ways of two or more edges that cross teams.

    A state is ``2 * node + 1`` at the end of a way that has crossed, ``2 * node`` of one that has
    not; ``before`` leads from each back to the source. ``last_arcs`` are all by which what comes
    too late arrives.
    """

    def __init__(
        self,
        source: int,
        before: Mapping[int, int],
        ends: Mapping[int, Reach],
        last_arcs: Sequence[tuple[int, int]],
    ) -> None:
        self.source = source
        self.last_arcs = last_arcs
        self.endangered = sorted(ends, key=lambda node: (-ends[node].days_late, node))
        self._before, self._ends = before, ends

    def days_late(self, node: int) -> int:
        return self._ends[node].days_late

    def path(self, node: int) -> list[int]:
        """From the source to an endangered node, both included."""
        found, state = [node], self._ends[node].state
        while state >= 0:
            found.append(state // 2)
            state = self._before[state]
        return found[::-1]

    def arcs(self) -> list[tuple[int, int]]:
        """Of all its paths, each once, sorted."""
        found = {(reach.state // 2, node) for node, reach in self._ends.items()}
        seen: set[int] = set()
        for reach in self._ends.values():
            state = reach.state
            while state not in seen and self._before[state] >= 0:
                seen.add(state)
                found.add((self._before[state] // 2, state // 2))
                state = self._before[state]
        return sorted(found)


def slips(
    graph: Graph[Planned], mode: Mode, told: Forecasts, is_reported: Callable[[int, int], bool]
) -> list[Slip]:
    """Lowest source first. An edge that ``is_reported`` endangers nobody here: it speaks for itself.

    Linear, unless many sources tie: each of those is walked on from.
    """
    threats = _threats(graph, mode, told, is_reported)
    onward = _onward(told, sorted(told.reached(list(threats))))
    sources = sorted(node for node in onward if not told.carriers[node])
    return [slip for source in sources if (slip := _slip(graph, threats, onward, source))]


def _threats(
    graph: Graph[Planned], mode: Mode, told: Forecasts, is_reported: Callable[[int, int], bool]
) -> dict[int, list[Threat]]:
    """By blocker whose forecast is not its own due: its dependents, lowest first."""
    found: dict[int, list[Threat]] = {}
    for node, item in enumerate(graph.items):
        need_by = needed_on(item, mode) if graph.blockers[node] else None
        if need_by is None:
            continue
        needed = need_by.toordinal()
        for blocker in graph.blockers[node]:
            day = told.days[blocker]
            if day is None or day <= needed or not told.carriers[blocker] or is_reported(blocker, node):
                continue
            found.setdefault(blocker, []).append(Threat(node, day - needed))
    return found


def _onward(told: Forecasts, nodes: Sequence[int]) -> dict[int, list[int]]:
    """Where each node's forecast is carried next, in the order of ``nodes``."""
    found: dict[int, list[int]] = {}
    for node in nodes:
        for carrier in told.carriers[node]:
            found.setdefault(carrier, []).append(node)
    return found


def _slip(
    graph: Graph[Planned],
    threats: Mapping[int, Sequence[Threat]],
    onward: Mapping[int, Sequence[int]],
    source: int,
) -> Slip | None:
    """States are met the shortest way first, ties by number: the first way met is the one to name."""
    before = {2 * source: -1}
    states = [2 * source]
    ends: dict[int, Reach] = {}
    last_arcs: dict[tuple[int, int], None] = {}
    for state in states:
        node, has_crossed = divmod(state, 2)
        for other, days_late in threats.get(node, ()):
            if has_crossed or graph.crosses(node, other):
                last_arcs[node, other] = None
                if other not in ends or days_late > ends[other].days_late:
                    ends[other] = Reach(days_late, state)
        for other in onward.get(node, ()):
            later = 2 * other + (has_crossed or graph.crosses(node, other))
            if later not in before:
                before[later] = state
                states.append(later)
    return Slip(source, before, ends, list(last_arcs)) if ends else None
