"""Nodes into items, as the rulebook reads them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from connectors.contract import Setting
from connectors.github.options import Epics
from connectors.github.parse.context import ParseContext, parse_context
from connectors.github.parse.issue import parse_all, parse_issue
from connectors.github.rest.nodes import to_node
from tests.connectors.github.hosts import MakeOptions

MakeReading = Callable[..., ParseContext]


def node(**more: Any) -> dict[str, Any]:
    base = {"id": "I_1", "number": 1, "title": "Till", "body": "", "state": "OPEN", "stateReason": None}
    base |= {"createdAt": "2026-01-05T09:00:00Z", "updatedAt": "2026-01-05T09:00:00Z", "closedAt": None}
    base |= {"url": "https://github.com/acme/stores/issues/1", "milestone": None}
    base |= {"labels": {"nodes": []}, "assignees": {"nodes": []}}
    return {**base, **more}


def labelled(*names: str) -> dict[str, Any]:
    return node(labels={"nodes": [{"name": name} for name in names]})


def project(*values: dict[str, Any]) -> dict[str, Any]:
    fields = {"nodes": list(values)}
    row = {"isArchived": False, "project": {"id": "P"}, "fieldValues": fields}
    return {"projectItems": {"nodes": [row]}}


def value(field: str, **shown: object) -> dict[str, Any]:
    return {"field": {"name": field}, **shown}


@pytest.fixture
def how(options: MakeOptions, setting: Setting) -> MakeReading:
    def make(epics: Epics = "label", **more: Any) -> ParseContext:
        return parse_context(options(**more), setting, date(2026, 2, 1), {"acme/stores": epics}, "P")

    return make


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "todo"),
        ({"state": "CLOSED", "stateReason": "COMPLETED"}, "done"),
        ({"state": "CLOSED", "stateReason": None}, "done"),
        ({"state": "CLOSED", "stateReason": "NOT_PLANNED"}, "dropped"),
        ({"state": "CLOSED", "stateReason": "DUPLICATE"}, "dropped"),
        (project(value("Status", name="Bezig")), "doing"),
        (project(value("Status", name="Done")), "todo"),
        ({"closedByPullRequestsReferences": {"nodes": [{"state": "OPEN"}]}}, "todo"),
        (
            {
                "closedByPullRequestsReferences": {"nodes": [{"state": "OPEN"}]},
                "assignees": {"nodes": [{"login": "ada"}]},
            },
            "doing",
        ),
    ],
)
def test_state(how: MakeReading, more: dict[str, Any], expected: str) -> None:
    assert parse_issue(node(**more), how()).state == expected


def test_what_is_closed_keeps_its_reason(how: MakeReading) -> None:
    found = [
        parse_issue(node(state=state, stateReason=reason), how()).closed_as
        for state, reason in [("CLOSED", "DUPLICATE"), ("CLOSED", None), ("OPEN", "REOPENED")]
    ]
    assert found == ["DUPLICATE", None, None]


@pytest.mark.parametrize(
    ("state", "reason", "expected"),
    [
        ("CLOSED", "DUPLICATE", True),
        ("CLOSED", "duplicate", True),
        ("CLOSED", "Duplicate", True),
        ("CLOSED", "NOT_PLANNED", False),
        ("CLOSED", "COMPLETED", False),
        ("CLOSED", None, False),
        ("OPEN", "DUPLICATE", False),
        ("OPEN", "REOPENED", False),
    ],
)
def test_a_duplicate_is_known_by_how_it_was_closed(
    how: MakeReading, state: str, reason: str | None, expected: bool
) -> None:
    item = parse_issue(node(state=state, stateReason=reason), how())
    assert item.is_duplicate is expected
    assert item.closed_as == (reason if state == "CLOSED" else None)


@pytest.mark.parametrize("reason", ["duplicate", "not_planned"])
def test_a_duplicate_is_known_over_rest_too(how: MakeReading, reason: str) -> None:
    record = {
        "node_id": "I_1",
        "number": 1,
        "title": "Till",
        "state": "closed",
        "state_reason": reason,
        "created_at": "2026-01-05T09:00:00Z",
        "updated_at": "2026-01-05T09:00:00Z",
        "html_url": "https://github.com/acme/stores/issues/1",
        "repository_url": "https://api.github.com/repos/acme/stores",
    }
    item = parse_issue(to_node(record), how())
    assert (item.is_duplicate, item.state) == (reason == "duplicate", "dropped")


def test_a_mapping_never_makes_an_open_issue_done(how: MakeReading) -> None:
    mapped = how(mapping={"state": {"Shipped": "done", "Ready": "doing"}})
    assert parse_issue(node(**project(value("Status", name="Shipped"))), mapped).state == "todo"
    assert parse_issue(node(**project(value("Status", name="ready"))), mapped).state == "doing"


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["priority: high"], (2, "high")),
        (["prio/hoog", "P0"], (1, "P0")),
        (["priority: someday"], (None, "someday")),
        (["bug"], (None, None)),
    ],
)
def test_priority_labels(
    how: MakeReading, labels: list[str], expected: tuple[int | None, str | None]
) -> None:
    item = parse_issue(labelled(*labels), how())
    assert (item.priority, item.priority_name) == expected


def test_a_field_with_a_value_decides_over_labels_even_if_it_maps_to_nothing(how: MakeReading) -> None:
    one = {**labelled("P1"), **project(value("Priority", name="Odd"))}
    item = parse_issue(one, how())
    assert (item.priority, item.priority_name) == (None, "Odd")


def test_dates_come_from_a_field_before_an_iteration_before_a_milestone(how: MakeReading) -> None:
    target = value("Target date", date="2026-03-01")
    iteration = {"title": "S1", "startDate": "2026-01-26", "duration": 14}
    spring = {"number": 3, "title": "Spring", "dueOn": "2026-04-01T00:00:00Z", "state": "OPEN"}
    found = [
        parse_issue(node(milestone=spring, **project(*values)), how())
        for values in ([target, iteration], [iteration], [])
    ]
    assert [(str(one.due), one.due_from) for one in found] == [
        ("2026-03-01", "field"),
        ("2026-02-08", "iteration"),
        ("2026-04-01", "milestone"),
    ]


def test_an_iteration_that_is_over_says_nothing(how: MakeReading) -> None:
    iteration = {"title": "S0", "startDate": "2026-01-05", "duration": 14}
    item = parse_issue(node(**project(iteration)), how())
    assert (item.due, item.sprint) == (None, None)


def test_a_closed_moment_becomes_a_day_in_the_products_zone(how: MakeReading) -> None:
    item = parse_issue(node(state="CLOSED", closedAt="2026-01-31T23:30:00Z"), how())
    assert item.closed_on == date(2026, 2, 1)


def test_components_come_from_prefixed_labels_and_named_ones(how: MakeReading) -> None:
    assert parse_issue(labelled("area/Tills", "Search", "bug"), how()).components == ("Tills", "Search")


@pytest.mark.parametrize(
    ("epics", "more", "expected"),
    [
        ("issue-type", {"issueType": {"name": "Epic"}}, "epic"),
        ("issue-type", {"issueType": {"name": "Feature"}}, "story"),
        ("label", {"labels": {"nodes": [{"name": "Epic"}]}}, "epic"),
        ("sub-issues", {"subIssuesSummary": {"total": 2}}, "epic"),
        ("label", {"subIssuesSummary": {"total": 2}}, "task"),
    ],
)
def test_kind(how: MakeReading, epics: Epics, more: dict[str, Any], expected: str) -> None:
    assert parse_issue(node(**more), how(epics)).kind == expected


@pytest.mark.parametrize(
    ("broken", "key"),
    [
        (None, "acme/stores, page 3, record 2"),
        ({}, "acme/stores, page 3, record 2"),
        ({"unreadable": "GitHub does not answer for it", "record": 17}, "acme/stores, page 3, record 17"),
        ({"number": 7}, "acme/stores#7"),
        (node(createdAt="yesterday"), "acme/stores#1"),
        (node(labels=None), "acme/stores#1"),
    ],
)
def test_a_record_that_cannot_be_read_is_rejected_and_the_rest_is_kept(
    how: MakeReading, broken: Any, key: str
) -> None:
    items, rejected = parse_all([node(), broken], how(), "acme/stores, page 3")
    assert len(items) == 1
    assert [record.key for record in rejected] == [key]
