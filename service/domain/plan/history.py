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
    """Of the watched fields; ``at`` is the tracker's moment of change, ``read`` when we noticed it.

    A move in the team's own order may leave that moment as it was, so it is told at ``read``.
    """
    ref = f"read:{read:.3f}"
    found = [
        Change(item, ref, field, at, _text(before[field]), _text(after[field]))
        for field in WATCHED
        if before[field] != after[field]
    ]
    way = _moved(before["rank"], after["rank"])
    return [*found, Change(item, ref, "order", read, None, way)] if way else found


def has_moved(changes: Sequence[Change]) -> bool:
    """Whether one of its dates is another day now."""
    return any(change.field in DATES for change in changes)


def _moved(before: str | None, after: str | None) -> str | None:
    """Which way an item went in its team's own order, where its rank alone tells.

    Jira names the numbering of a rank before a bar (``0|i0001:``): within one only what was moved has
    another rank. Elsewhere, and from one numbering to the next, others may have been renumbered.
    """
    if not before or not after or before == after or "|" not in before:
        return None
    if before.partition("|")[0] != after.partition("|")[0]:
        return None
    return "higher" if after < before else "lower"


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
