"""When items will be ready, given all that they wait for (rulebook, ``dependency-chain``). Pure."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.domain.graph.graph import Graph, Neighbours, components_among
from service.domain.graph.memo import Work, do_work
from service.domain.plan.dates import Mode
from service.domain.plan.item import Planned


class Forecasts(NamedTuple):
    """By node of the planning graph. ``days`` are ordinals; None where nothing is known, and on a cycle.

    ``carriers[n]`` are the blockers that n's forecast comes through, lowest first; none where it is
    n's own due.
    """

    days: Sequence[int | None]
    carriers: Sequence[Sequence[int]]

    def sources(self, node: int) -> list[int]:
        """The nodes whose own due the forecast is, lowest first; none without a forecast."""
        if self.days[node] is None:
            return []
        return sorted(source for source in self.reached([node]) if not self.carriers[source])

    def reached(self, nodes: Sequence[int]) -> set[int]:
        """All that the forecasts of ``nodes`` come through, themselves included."""
        reached, pending = set(nodes), list(nodes)
        while pending:
            for carrier in self.carriers[pending.pop()]:
                if carrier not in reached:
                    reached.add(carrier)
                    pending.append(carrier)
        return reached


def forecasts(graph: Graph[Planned], mode: Mode, work: Work = do_work) -> Forecasts:
    """The longest paths, over a topological sort of what lies on no cycle; O(V + E)."""
    dues = [item.due.toordinal() if item.due else None for item in graph.items]
    spans = [span(item, mode) for item in graph.items]
    return work(_carry, graph.blockers, graph.dependents, dues, spans)


def span(item: Planned, mode: Mode) -> int:
    """Days that an item still takes once all it waits for is ready."""
    if mode != "sequential" or item.start is None or item.due is None:
        return 0
    return max(0, (item.due - item.start).days)


def _carry(
    blockers: Neighbours, dependents: Neighbours, dues: Sequence[int | None], spans: Sequence[int]
) -> Forecasts:
    days: list[int | None] = [None] * len(dues)
    carriers: list[Sequence[int]] = [()] * len(dues)
    for node in _blockers_first(blockers, dependents):
        latest, carried_by = _latest(blockers[node], days)
        due = dues[node]
        carried = None if latest is None else latest + spans[node]
        if carried is None or (due is not None and due >= carried):
            days[node] = due
        else:
            days[node], carriers[node] = carried, carried_by
    return Forecasts(days, carriers)


def _latest(blockers: Sequence[int], days: Sequence[int | None]) -> tuple[int | None, list[int]]:
    latest: int | None = None
    tied: list[int] = []
    for blocker in blockers:
        day = days[blocker]
        if day is None or (latest is not None and day < latest):
            continue
        if day != latest:
            latest, tied = day, []
        tied.append(blocker)
    return latest, tied


def _blockers_first(blockers: Neighbours, dependents: Neighbours) -> Iterator[int]:
    """Every node that lies on no cycle, after all its blockers of that kind (Kahn 1962)."""
    waiting = [len(ends) for ends in blockers]
    yield from _freed(dependents, waiting, [node for node, count in enumerate(waiting) if not count])
    held = [node for node, count in enumerate(waiting) if count]
    circling = [
        node for members in components_among(held, dependents) if len(members) > 1 for node in members
    ]
    for node in circling:
        waiting[node] = -1
    for node in circling:
        for dependent in dependents[node]:
            waiting[dependent] -= 1
    yield from _freed(dependents, waiting, [node for node in held if not waiting[node]])


def _freed(dependents: Neighbours, waiting: list[int], free: list[int]) -> Iterator[int]:
    while free:
        node = free.pop()
        yield node
        for dependent in dependents[node]:
            waiting[dependent] -= 1
            if not waiting[dependent]:
                free.append(dependent)
