"""An item that comes in without some of its parts: what is stored of those stays, all else is as it comes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.item import Link, TrackerItem
from service.flow.reading.rows.kept_parts import with_kept_parts
from service.store.backlog.kept_values import KeptValues

DAY, OTHER_DAY = date(2026, 3, 5), date(2026, 4, 5)
REMOTE = Link("blocks", "jira://a.example/A-1", "remote", "blocks")
BLOCKER = Link("blocked-by", "github://github.com/a/b#1", "native", "blocked by")
BLOCKED = Link("blocks", "github://github.com/a/b#2", "native", "blocking")
WRITTEN = Link("blocked-by", "github:a/b#3", "text", "blocked by")

STORED = KeptValues(
    state="dropped",
    priority=2,
    priority_name="P1",
    start=DAY,
    start_from="iteration",
    due=DAY,
    due_from="milestone",
    closed_on=DAY,
    rank="0001",
    parent="github://github.com/a/b#9",
    labels=("bug",),
    components=("checkout",),
    hidden_blockers=2,
    is_duplicate=True,
    links=(REMOTE, BLOCKER, BLOCKED, WRITTEN),
)


def item(*unread: str, **values: Any) -> TrackerItem:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    plain = TrackerItem(
        "1", "github://github.com/id/I", "github://github.com/a/b#4", "a/b#4", "https://github.com/a/b/4",
        "Title", "story", "Story", "todo", "open", moment, moment,
    )  # fmt: skip
    return replace(plain, unread=unread, **values)


KEPT: dict[str, tuple[TrackerItem, dict[str, Any]]] = {
    "remote links": (item("remote-links"), {"links": (REMOTE,)}),
    "remote links, with what it says itself": (
        item("remote-links", links=(WRITTEN,)), {"links": (WRITTEN, REMOTE)},
    ),
    "blockers": (item("blocked-by"), {"links": (BLOCKER,)}),
    "what it blocks": (item("blocking"), {"links": (BLOCKED,)}),
    "a history": (item("history", state="done"), {"closed_on": DAY}),
    "a history, but the day is told": (
        item("history", state="done", closed_on=OTHER_DAY), {"closed_on": OTHER_DAY},
    ),
    "a history of what is open again": (item("history"), {"closed_on": None}),
    "labels": (
        item("labels"),
        {"labels": ("bug",), "components": ("checkout",), "priority": 2, "priority_name": "P1"},
    ),
    "a milestone": (item("milestone"), {"due": DAY, "due_from": "milestone", "parent": STORED.parent}),
    "a milestone, but another date is told": (
        item("milestone", due=OTHER_DAY, due_from="field"),
        {"due": OTHER_DAY, "due_from": "field", "parent": STORED.parent},
    ),
    "a parent": (item("parent"), {"parent": STORED.parent}),
    "how many blockers are hidden": (item("hidden-blockers"), {"hidden_blockers": 2}),
    "why it was closed": (item("close-reason", state="done"), {"state": "dropped", "is_duplicate": True}),
    "why it was closed, but it is open again": (item("close-reason"), {}),
    "nothing that is stored": (item("sub-issues"), {}),
}  # fmt: skip


@pytest.mark.parametrize(("coming", "values"), KEPT.values(), ids=KEPT.keys())
def test_what_is_stored_of_a_part_that_was_not_read_stays(
    coming: TrackerItem, values: dict[str, Any]
) -> None:
    assert with_kept_parts(coming, STORED) == replace(coming, **values)


@pytest.mark.parametrize("part", ["project", "assignees", "pull-requests"])
def test_what_was_under_way_is_so_until_the_part_that_says_it_is_read(part: str) -> None:
    assert with_kept_parts(item(part), STORED._replace(state="doing")).state == "doing"
    assert with_kept_parts(item(part), STORED._replace(state="done")).state == "todo"
