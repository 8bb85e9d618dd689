"""When epics will be ready, with a supposed change and without it. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from service.domain.ancestry import nearest_epics
from service.domain.backlog import Backlog
from service.domain.board import Board
from service.domain.dates import date_mode
from service.domain.forecast import forecasts
from service.domain.graph import Graph, graph_of
from service.domain.reorder import Shift, backlog_after, edges_after, joined
from service.domain.suppose import Supposed


class Outlook(NamedTuple):
    """The latest forecast of an epic and the open items under it; None where nothing is known."""

    epic: str
    before: date | None
    after: date | None


@dataclass(frozen=True)
class Horizon:
    """The forecasts of a board's items, and which epics they are under through open parents."""

    board: Board

    @cached_property
    def days(self) -> Sequence[int | None]:
        return forecasts(self.board.graph, date_mode(self.board.backlog.plan)).days

    @cached_property
    def over(self) -> Mapping[int, Sequence[str]]:
        """By node: the epics above it, and itself if it is one."""
        items = {item.id: item for item in self.board.graph.items}
        nearest = nearest_epics(items.values(), items)
        found: dict[int, Sequence[str]] = {}
        for node, item in enumerate(self.board.graph.items):
            epics = {item.id: None} if item.kind == "epic" else {}
            above = nearest.get(item.id)
            while above is not None and above.id not in epics:
                epics[above.id] = None
                above = nearest.get(above.id)
            if epics:
                found[node] = tuple(epics)
        return found

    @cached_property
    def under(self) -> Mapping[str, Sequence[int]]:
        """By epic: itself and all open items below it."""
        found: dict[str, list[int]] = {}
        for node, epics in self.over.items():
            for epic in epics:
                found.setdefault(epic, []).append(node)
        return found


def outlooks(
    horizon: Horizon, supposed: Supposed, shift: Shift | None, known: Backlog | None = None
) -> list[Outlook]:
    """Of the open epics whose forecast it changes. ``shift`` is None when something opens: see ``known``."""
    if shift is None:
        later = Horizon(Board(backlog_after(known or horizon.board.backlog, supposed)))
        epics = {*horizon.under, *later.under}
        return list(_compared(epics, _latest(horizon, horizon.days), _latest(later, later.days)))
    days = _days_after(horizon.board, shift)
    epics = {epic for node in (*days, *shift.closing) for epic in horizon.over.get(node, ())}
    settled = days | dict.fromkeys(shift.closing)
    before = {node: horizon.days[node] for epic in epics for node in horizon.under[epic]}
    after = {node: settled.get(node, day) for node, day in before.items()}
    return list(_compared(epics, _latest_of(horizon, epics, before), _latest_of(horizon, epics, after)))


def _days_after(board: Board, shift: Shift) -> dict[int, int | None]:
    nodes = sorted(joined(board, shift) - shift.closing)
    items = [shift.items.get(node, board.graph.items[node]) for node in nodes]
    graph: Graph = graph_of(items, edges_after(board, shift, nodes))
    found = forecasts(graph, date_mode(board.backlog.plan)).days
    return dict(zip(nodes, found, strict=True))


def _latest(horizon: Horizon, days: Sequence[int | None]) -> dict[str, int | None]:
    return _latest_of(horizon, horizon.under, dict(enumerate(days)))


def _latest_of(
    horizon: Horizon, epics: Iterable[str], days: Mapping[int, int | None]
) -> dict[str, int | None]:
    return {
        epic: max((day for node in horizon.under[epic] if (day := days[node]) is not None), default=None)
        for epic in epics
    }


def _compared(
    epics: Iterable[str], before: Mapping[str, int | None], after: Mapping[str, int | None]
) -> Iterator[Outlook]:
    for epic in sorted(epics):
        was, will = before.get(epic), after.get(epic)
        if was != will:
            yield Outlook(epic, _day(was), _day(will))


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(min(ordinal, date.max.toordinal()))
