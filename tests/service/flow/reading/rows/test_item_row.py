"""What a connector's item becomes: columns, its half of an answer, the hash that tells of a change."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from connectors.item import UNSHOWN, DodLine, Link, TrackerItem
from service.api.models.items import Item
from service.flow.reading.rows.item_row import row
from service.store.backlog.items import READ_COLUMNS
from tests.support import shop

CHANGES: dict[str, Any] = {
    "native_id": "77", "identity": "jira://acme.example/id/77", "name": "jira://acme.example/ONL-77",
    "key": "ONL-77", "url": "https://acme.example/browse/ONL-77", "title": "Another", "kind": "task",
    "type": "Task", "state": "doing", "status": "In progress", "created": datetime(2025, 1, 1, tzinfo=UTC),
    "updated": datetime(2026, 2, 2, tzinfo=UTC), "closed_on": date(2026, 2, 2), "closed_as": "Done",
    "is_duplicate": True, "priority": 2, "priority_name": "High", "assignee": "Noor", "labels": ("a",),
    "components": ("b",), "estimate": 3.0, "start": date(2026, 3, 1), "start_from": "field",
    "due": date(2026, 3, 9), "due_from": "sprint", "sprint": "Sprint 9", "release": "2.0", "rank": "0|b",
    "parent": "jira://acme.example/ONL-1", "links": (Link("blocks", "jira:ONL-9", "text", "blocks"),),
    "dod": (DodLine("Reviewed", True),), "hidden_blockers": 1, "unread": ("history",), "raw": b"[1]",
}  # fmt: skip
BARE = shop.ticket("online-jira", 2, "A basket")
NOT_HASHED = {"native_id", "unread", "raw"}


def stored(item: TrackerItem) -> dict[str, Any]:
    return row(item, "online-jira:2", "online", "online-jira", 5.0, b"2026-03-02T09:00:00Z")


def test_every_field_of_an_item_is_among_those_that_are_tried_here() -> None:
    assert set(CHANGES) == {field.name for field in fields(TrackerItem)}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_any_field_alone_is_noticed(name: str) -> None:
    changed = replace(BARE, **{name: CHANGES[name]})
    assert (stored(changed)["hash"] != stored(BARE)["hash"]) == (name not in NOT_HASHED)


@pytest.mark.parametrize("name", [name for name in CHANGES if name not in UNSHOWN])
def test_every_field_is_shown_under_its_name_and_described_unless_it_is_said_not_to_be(name: str) -> None:
    assert name in orjson.loads(stored(BARE)["record"])
    assert name in Item.model_fields


def test_what_is_not_shown_is_not_in_an_answer() -> None:
    shown = orjson.loads(stored(replace(BARE, **CHANGES))["record"])
    assert UNSHOWN.isdisjoint(shown)


def test_a_row_has_the_columns_of_a_read_and_a_field_s_value_in_the_column_of_its_name() -> None:
    columns = stored(replace(BARE, **CHANGES))
    assert set(columns) == set(READ_COLUMNS)
    assert {
        name: columns[name] for name in ("due", "closed_on", "created", "labels", "priority", "rank")
    } == {
        "due": "2026-03-09",
        "closed_on": "2026-02-02",
        "created": datetime(2025, 1, 1, tzinfo=UTC).timestamp(),
        "labels": '["a"]',
        "priority": 2,
        "rank": "0|b",
    }
    assert (columns["is_open"], columns["parent_ref"], columns["seen"]) == (True, CHANGES["parent"], 5.0)


def test_an_optional_line_of_a_checklist_says_so_and_another_says_nothing() -> None:
    lines = (DodLine("Reviewed", True), DodLine("Demo given", False, optional=True))
    assert orjson.loads(stored(replace(BARE, dod=lines))["record"])["dod"] == [
        {"text": "Reviewed", "checked": True},
        {"text": "Demo given", "checked": False, "optional": True},
    ]
