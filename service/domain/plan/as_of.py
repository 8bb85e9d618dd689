"""An item as it stood at the end of a day: what changed on it since, taken back. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from service.domain.plan.item import OPEN, Item

REWOUND = ("start", "due", "state", "priority", "team")
STATES = frozenset({"todo", "doing", "done", "dropped"})


class Undone(NamedTuple):
    """Of the first change after that day: the value before it, as text, and whether a tracker words it."""

    before: str | None
    is_own_word: bool


Words = Mapping[tuple[str, str], int]
"""Priority by source and the tracker's word for it."""


def priority_words(items: Iterable[Item]) -> dict[tuple[str, str], int]:
    """As today's items have them."""
    return {
        (item.source, item.priority_name): item.priority
        for item in items
        if item.priority_name is not None and item.priority is not None
    }


def as_it_stood(item: Item, undone: Mapping[str, Undone], words: Words, day: date) -> Item:
    """What is not known to have been otherwise stays as it is.

    An item closed after that day was open; whether work on it had begun may not be known.
    """
    values: dict[str, Any] = {}
    for name in ("start", "due"):
        if name in undone:
            values |= {name: (stood := _day(undone[name].before)), f"{name}_from": stood and "field"}
    if "priority" in undone:
        values |= _priority(item, undone["priority"], words)
    if "team" in undone:
        values["team"] = undone["team"].before or item.team
    if "state" in undone and undone["state"].before in STATES:
        values["state"] = undone["state"].before
    elif item.state not in OPEN and item.closed_on is not None and item.closed_on > day:
        values["state"] = "todo"
    if values.get("state", item.state) in OPEN:
        values["closed_on"] = None
    return item._replace(**values)


def _priority(item: Item, undone: Undone, words: Words) -> dict[str, Any]:
    word = undone.before
    if undone.is_own_word:
        return {"priority": words.get((item.source, word or "")), "priority_name": word}
    return {"priority": int(word) if word and word.isdecimal() else None, "priority_name": None}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
