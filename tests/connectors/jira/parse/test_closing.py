"""When an issue closed that has no resolution date, from its history alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.jira.parse.closing import Statuses, find_closing

DONE = {"id": "5", "name": "Done", "statusCategory": {"key": "done"}}
RELEASED = {"id": "6", "name": "Released", "statusCategory": {"key": "done"}}
DOING = {"id": "3", "name": "In Progress", "statusCategory": {"key": "indeterminate"}}
TO_DO = {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}}
SITE = Statuses([DONE, RELEASED, DOING, TO_DO, {"id": "9"}, None])


def is_closed(status: Any) -> bool | None:
    category = (status.get("statusCategory") or {}).get("key")
    return None if category is None else category == "done"


def step(day: int, before: tuple[str, str], after: tuple[str, str], **more: Any) -> dict[str, Any]:
    entry = {
        "field": "status", "from": before[0], "fromString": before[1], "to": after[0], "toString": after[1],
    }  # fmt: skip
    return {"id": str(day), "created": f"2026-03-{day:02d}T10:00:00.000+0000", "items": [{**entry, **more}]}


def resolving(history: dict[str, Any]) -> dict[str, Any]:
    resolution = {"field": "resolution", "from": None, "fromString": None, "to": "1", "toString": "Fixed"}
    return {**history, "items": [*history["items"], resolution]}


TODO_, DOING_, DONE_, RELEASED_ = ("1", "To Do"), ("3", "In Progress"), ("5", "Done"), ("6", "Released")
OTHER = {"id": "1", "created": "2026-03-20T10:00:00.000+0000", "items": [{"field": "priority"}]}


@pytest.mark.parametrize(
    ("histories", "day"),
    [
        ([step(1, TODO_, DOING_), step(5, DOING_, DONE_)], 5),
        ([step(5, DOING_, DONE_), step(1, TODO_, DOING_)], 5),  # the newest first
        ([step(5, TODO_, DONE_), OTHER], 5),
        # reopened and closed again
        ([step(2, TODO_, DONE_), step(4, DONE_, DOING_), step(8, DOING_, DONE_)], 8),
        # between two closed statuses: the first of them counts
        ([step(3, TODO_, DONE_), step(9, DONE_, RELEASED_)], 3),
        ([step(2, TODO_, DONE_), step(3, DONE_, TODO_), step(4, TODO_, RELEASED_), step(5, RELEASED_, DONE_)],
         4),
        # a status that was renamed is known by its id
        ([step(3, ("1", "Open"), ("5", "Klaar")), step(9, ("5", "Klaar"), ("6", "Live"))], 3),
        # one that was made anew is known by its name
        ([step(3, ("77", "to do"), ("78", " DONE "))], 3),
        # one of Jira's own that the site has removed since
        ([step(3, TODO_, ("77", "Resolved")), step(9, ("77", "Resolved"), DONE_)], 3),
        ([step(3, ("77", "Reopened"), DONE_)], 3),
        # one of the site's own that is gone: the resolution tells what it meant
        ([resolving(step(3, TODO_, ("77", "Shipped"))), step(9, ("77", "Shipped"), DONE_)], 3),
        ([step(3, TODO_, ("77", "Shipped")), resolving(step(9, ("77", "Shipped"), DONE_))], 9),
        ([resolving(step(9, ("77", "Shipped"), DONE_))], 9),
        ([step(4, TODO_, DONE_, fieldId="status", field="Stand")], 4),
        # nothing is guessed
        ([step(3, ("77", "Ready"), DONE_)], None),
        ([step(3, TODO_, ("77", "Shipped")), step(9, ("77", "Shipped"), DONE_)], None),
        ([], None),
        ([OTHER], None),
        ([step(3, DONE_, RELEASED_)], None),  # closed before its history begins
        ([step(3, TODO_, DONE_), step(4, DONE_, DOING_)], None),  # it contradicts that the issue is closed
    ],
)  # fmt: skip
def test_the_last_time_it_closed_and_stayed(histories: list[Any], day: int | None) -> None:
    expected = datetime(2026, 3, day, 10, tzinfo=UTC) if day else None
    assert find_closing(histories, SITE, is_closed) == expected


def test_two_steps_in_one_entry_are_two_steps() -> None:
    both = step(3, TODO_, DONE_)
    both["items"].append(step(3, DONE_, RELEASED_)["items"][0])
    assert find_closing([both], SITE, is_closed) == datetime(2026, 3, 3, 10, tzinfo=UTC)
