"""When epics will be ready, with a change and without it. Pure."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from service.domain.what_if.board import Board


class Outlook(NamedTuple):
    """The latest forecast of an epic and the open items under it; None where nothing is known."""

    epic: str
    before: date | None
    after: date | None


class Ready(NamedTuple):
    """A board, and by node the day it is forecast, as an ordinal."""

    board: Board
    days: Sequence[int | None]


def outlooks(before: Ready, after: Ready, nodes: Sequence[int]) -> Iterator[Outlook]:
    """Of the epics whose forecast is another; ``nodes`` hold all whose own is."""
    epics = {one for node in nodes for told in (before, after) for one in epics_over(told.board, node)}
    for epic in sorted(epics):
        was, will = _latest(before, epic), _latest(after, epic)
        if was != will:
            yield Outlook(epic, _day(was), _day(will))


def epics_over(board: Board, node: int) -> list[str]:
    """The epics above it through open parents, and itself if it is one."""
    item = board.items[node] if board.is_on(node) else None
    met: dict[str, bool] = {}
    while item is not None and item.id not in met:
        met[item.id] = item.kind == "epic"
        item = board.get(item.parent) if item.parent else None
    return [one for one, is_epic in met.items() if is_epic]


def _latest(told: Ready, epic: str) -> int | None:
    if epic not in told.board.number:
        return None
    return max(
        (day for node in _under(told.board, epic) if (day := told.days[node]) is not None), default=None
    )


def _under(board: Board, epic: str) -> set[int]:
    """Itself, and all open items below it."""
    found = {board.number[epic]}
    pending = list(found)
    while pending:
        children = set(board.children.get(board.item(pending.pop()).id, ())) - found
        found |= children
        pending.extend(children)
    return found


def _day(ordinal: int | None) -> date | None:
    return None if ordinal is None else date.fromordinal(min(ordinal, date.max.toordinal()))
