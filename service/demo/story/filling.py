"""What the story's YAML leaves out, because any believable value will do.

A line of an epic that is only a title is a story of that epic. The epic says how many of those
are done and under way; the others are planned two to a sprint, and the last wait for a sprint.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

_NEXT_SPRINT, _LAST_PLANNED_SPRINT, _PER_SPRINT = 1, 4, 2
_ESTIMATES = (1, 2, 3, 5, 3, 8, 2)


def filled(epic: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every ticket of the epic as a mapping with kind, epic, priority, labels and components."""
    done, doing = epic.get("done", 0), epic.get("doing", 0)
    place = 0
    for line in epic["items"]:
        entry = {"title": line} if isinstance(line, str) else dict(line)
        is_told = "ref" in entry
        if "bug" in entry:
            entry |= {"kind": "bug", "title": entry["bug"]}
        if not is_told:
            entry = _progress(place, done, doing) | entry
            place += 1
        yield _inherited(epic, place) | entry


def _progress(place: int, done: int, doing: int) -> dict[str, Any]:
    """``place`` counts the epic's plain lines from 0."""
    if place < done:
        return {"state": "done", "sprint": -1 - place % 2}
    if place < done + doing:
        return {"state": "doing", "sprint": 0}
    sprint = _NEXT_SPRINT + (place - done - doing) // _PER_SPRINT
    return {"sprint": sprint} if sprint <= _LAST_PLANNED_SPRINT else {}


def _inherited(epic: Mapping[str, Any], place: int) -> dict[str, Any]:
    """Of three plain lines two are a step less urgent than their epic."""
    return {
        "kind": "story",
        "epic": epic["ref"],
        "priority": min(epic["priority"] + (place % 3 != 0), 5),
        "labels": epic.get("labels", ()),
        "components": epic.get("components", ()),
    }


def estimate(number: int) -> int:
    """Story points."""
    return _ESTIMATES[number % len(_ESTIMATES)]


def created(monday: date, place: int) -> datetime:
    """``place`` counts the team's tickets from its oldest; none is younger than two weeks."""
    age = timedelta(days=max(14, 330 - 4 * place))
    return datetime.combine(monday, time(9), UTC) - age


def moments(monday: date, was_created: datetime, number: int, state: str) -> tuple[datetime, datetime | None]:
    """When it was last changed, and when it was closed if it was. Both before this week."""
    days_ago = 1 + number * 7 % 13
    changed = datetime.combine(monday, time(8), UTC) - timedelta(days=days_ago)
    return max(changed, was_created), (changed if state in {"done", "dropped"} else None)
