"""What changed on an item between two reads of it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

WATCHED = ("start", "due", "state", "priority", "team")
DATES = frozenset({"start", "due"})


class Change(NamedTuple):
    """``ref`` tells changes of one item apart; ``at`` in epoch seconds; values as text."""

    item: str
    ref: str
    field: str
    at: float
    before: str | None
    after: str | None
    by: str | None = None


def differences(
    item: str, before: Mapping[str, Any], after: Mapping[str, Any], at: float, read: float
) -> list[Change]:
    """Of the watched fields; ``at`` is the tracker's moment of change, ``read`` when we noticed it."""
    ref = f"read:{read:.3f}"
    return [
        Change(item, ref, field, at, _text(before[field]), _text(after[field]))
        for field in WATCHED
        if before[field] != after[field]
    ]


def has_moved(changes: Sequence[Change]) -> bool:
    """Whether one of its dates is another day now."""
    return any(change.field in DATES for change in changes)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
