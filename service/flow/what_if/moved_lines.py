"""Which items a change moves, as the API tells it. Pure.

There may be tens of thousands of lines, and most of each is the same in every answer: that is made once.
"""

from collections.abc import Iterable, Sequence

import orjson

from service.domain.plan.item import Item
from service.domain.what_if.horizon import Horizon, moved

Heads = Sequence[bytes]
"""By node of a board the beginning of its line; empty for what had left it when they were made."""


def heads(items: Sequence[Item | None], known: Heads = (), fresh: Iterable[int] = ()) -> Heads:
    """Of those that are not ``known``, or ``fresh``: another item than it was."""
    found = [*known, *map(_head, items[len(known) :])]
    for node in fresh:
        found[node] = _head(items[node])
    return found


def _head(item: Item | None) -> bytes:
    return orjson.dumps({"item": item.id, "key": item.key})[:-1] if item else b""


def lines(before: Horizon, after: Horizon, known: Heads) -> bytes:
    """A JSON array by place. ``known`` are those of the board before."""
    found = heads(after.board.items, known)
    told = [
        b'%b,"from":%d,"to":%d}' % (found[node], stood, stands)
        if stood and stands
        else b'%b,"from":%b,"to":%b}' % (found[node], _place(stood), _place(stands))
        for node, stood, stands in moved(before, after)
    ]
    return b"[%b]" % b",".join(told)


def _place(place: int | None) -> bytes:
    return b"%d" % place if place else b"null"
