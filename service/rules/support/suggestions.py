"""Suggestions that say what they change, as changes that a what-if takes. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from service.domain.conflict.finding import Text
from service.domain.plan.dates import Need
from service.domain.plan.item import Item

Change = Mapping[str, Any]
Fix = Mapping[str, Any]

MOST_CHANGES = 50
"""Of one fix: more of them are a new plan, and no suggestion."""


class Advice(NamedTuple):
    """A suggestion and the changes that carry it out; none where only people can say them."""

    sentence: str
    changes: tuple[Change, ...] = ()


def text_of(title: str, explanation: str, advice: Iterable[Advice]) -> Text:
    suggestions = tuple(advice)
    return Text(
        title=title,
        explanation=explanation,
        suggestions=tuple(suggestion.sentence for suggestion in suggestions),
        fixes=tuple(fix_of(suggestion.changes) for suggestion in suggestions),
    )


def fix_of(changes: tuple[Change, ...]) -> Fix:
    if not changes or len(changes) > MOST_CHANGES:
        return {}
    return {"changes": list(changes)}


def setting(item: Item, **values: Any) -> Change:
    """Of an item's due, start, priority or state."""
    return {"item": item.id, "set": {name: _plain(value) for name, value in values.items()}}


def without(blocker: Item, dependent: Item) -> Change:
    """The dependency taken away."""
    return {"remove_dependency": {"blocker": blocker.id, "dependent": dependent.id}}


def waiting_for(blocker: Item, dependent: Item) -> Change:
    """The dependency added."""
    return {"add_dependency": {"blocker": blocker.id, "dependent": dependent.id}}


def needing_by(item: Item, need: Need, day: date) -> Change:
    """What it waits for may come by ``day``: its start moved there with its due, or its due alone."""
    if need.field == "due":
        return setting(item, due=day)
    if item.due is None or item.due >= day:
        return setting(item, start=day)
    span = item.due - need.day
    return setting(item, start=day, due=day + max(span, timedelta(0)))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
