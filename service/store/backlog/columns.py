"""Items built a column at a time: what is called once per item is written in C."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar

import orjson

from service.domain.plan.item import Item
from service.store.tables import item, reference

V = TypeVar("V")

_PARENT_ITEM = reference.c.item.label("parent_item")
ITEM = [_PARENT_ITEM if name == "parent" else item.c[name] for name in Item._fields]
"""The columns of an item, with ``reference`` joined by its parent's name."""

_made: Callable[[tuple[Any, ...]], Item] = partial(tuple.__new__, Item)


class _Memo(dict[str | None, V]):
    """What is made of a text, made once."""

    def __init__(self, make: Callable[[str], V], nothing: V) -> None:
        self._make = make
        self[None] = nothing

    def __missing__(self, text: str) -> V:
        made = self[text] = self._make(text)
        return made


class Reader:
    """Words, days and lists that many items share are kept once: a million items are held at a time."""

    def __init__(self) -> None:
        word = _Memo[str | None](str, None).__getitem__
        day = _Memo[date | None](date.fromisoformat, None).__getitem__
        words = _Memo[tuple[str, ...]](_listed, ()).__getitem__
        made: dict[str, Callable[[Any], Any]] = {
            **dict.fromkeys(("source", "team", "kind", "state", "priority_name"), word),
            **dict.fromkeys(("start_from", "due_from"), word),
            **dict.fromkeys(("start", "due", "closed_on"), day),
            **dict.fromkeys(("labels", "components"), words),
            "is_duplicate": bool,  # SQLite's JSON has numbers
        }
        self._made = [made.get(column.name) for column in ITEM]

    def items(self, columns: Sequence[Sequence[Any]]) -> list[Item]:
        """Of columns of which those of ``ITEM`` are the first."""
        told: list[Any] = [
            column if make is None else map(make, column)
            for make, column in zip(self._made, columns, strict=False)
        ]
        told[_PARENT] = _others(columns[0], columns[_PARENT])
        return list(map(_made, zip(*told, strict=True)))


_PARENT = Item._fields.index("parent")


def _others(ids: Sequence[str], parents: Sequence[str | None]) -> list[str | None]:
    """No item is its own parent."""
    return [None if one == parent else parent for one, parent in zip(ids, parents, strict=True)]


def _listed(text: str) -> tuple[str, ...]:
    return tuple(orjson.loads(text))
