"""What is asked of an issue, part by part, made to what a host knows. Pure.

Connections inside an issue are read up to what nearly every issue needs; ``CONNECTIONS`` says how to
read on where ``hasNextPage``. 100 issues of this size are about 50,000 of GitHub's 500,000 nodes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.github.queries.timeline import timeline

_MORE = "pageInfo{hasNextPage}"
_ROWS = "$rows"
_VALUES = "$values"  # of a Project's row
_MOST_VALUES = 50
_REFERENCE = "number repository{nameWithOwner}"
PROJECT_VALUES = (
    "... on ProjectV2ItemFieldDateValue{date field{... on ProjectV2FieldCommon{name}}} "
    "... on ProjectV2ItemFieldIterationValue{title startDate duration} "
    "... on ProjectV2ItemFieldSingleSelectValue{name field{... on ProjectV2FieldCommon{name}}} "
    "... on ProjectV2ItemFieldNumberValue{number field{... on ProjectV2FieldCommon{name}}}"
)
_PROJECT_ITEM = (
    f"id isArchived project{{id}} fieldValues(first:{_VALUES}){{nodes{{{PROJECT_VALUES}}} {_MORE}}}"
)
_FIELD_VALUE = (
    "... on IssueFieldDateValue{value field{... on IssueFieldCommon{name}}} "
    "... on IssueFieldSingleSelectValue{value:name field{... on IssueFieldCommon{name}}} "
    "... on IssueFieldTextValue{value field{... on IssueFieldCommon{name}}} "
    "... on IssueFieldNumberValue{number:value field{... on IssueFieldCommon{name}}}"
)
CONNECTIONS = {
    "labels": "name",
    "blockedBy": _REFERENCE,
    "blocking": _REFERENCE,
    "issueFieldValues": _FIELD_VALUE,
    "projectItems": _PROJECT_ITEM.replace(_VALUES, "10"),
}
"""Those inside an issue that may be longer than a page of issues brings → what is asked of a row."""

ALWAYS = "id number title body state createdAt updatedAt closedAt url repository{id nameWithOwner}"


@dataclass(frozen=True, slots=True)
class Part:
    """Something of an issue that can be asked for, and done without, by itself."""

    name: str  # as ``TrackerItem.unread`` says it
    field: str  # as the schema calls it
    selection: str
    missing: str = ""  # what a host without the field cannot tell, for a person
    rows: int = 0  # of a connection, at most
    is_never_null: bool = False  # GitHub's schema says so: a null is a failure

    @property
    def is_connection(self) -> bool:
        return self.rows > 0

    @property
    def empty(self) -> Any:
        return {"nodes": []} if self.is_connection else None

    def text(self, rows: int) -> str:
        values = str(min(_MOST_VALUES, rows))
        return self.selection.replace(_ROWS, str(min(self.rows, rows))).replace(_VALUES, values)


def _connection(field: str, row: str, more: str = f" {_MORE}") -> str:
    return f"{field}(first:{_ROWS}){{nodes{{{row}}}{more}}}"


EVERYWHERE = (
    Part("labels", "labels", _connection("labels", "name"), rows=30, is_never_null=True),
    Part("assignees", "assignees", _connection("assignees", "login", ""), rows=5, is_never_null=True),
    Part("milestone", "milestone", "milestone{number title dueOn state}"),
)
WHERE_KNOWN = (
    Part(
        "close-reason",
        "stateReason",
        "stateReason(enableDuplicate:true)",
        "why an issue was closed: whatever is closed counts as done",
    ),
    Part("type", "issueType", "issueType{name}", "issue types: kinds come from labels"),
    Part("parent", "parent", f"parent{{{_REFERENCE}}}", "sub-issues: an issue's parent is not known"),
    Part(
        "sub-issues",
        "subIssuesSummary",
        "subIssuesSummary{total}",
        "how many sub-issues an issue has",
        is_never_null=True,
    ),
    Part(
        "hidden-blockers",
        "issueDependenciesSummary",
        "issueDependenciesSummary{totalBlockedBy}",
        "how many blockers are hidden from this credential",
        is_never_null=True,
    ),
    Part(
        "blocked-by",
        "blockedBy",
        _connection("blockedBy", _REFERENCE),
        "blocked-by links: dependencies come from descriptions only",
        rows=50,
        is_never_null=True,
    ),
    Part(
        "blocking",
        "blocking",
        _connection("blocking", _REFERENCE),
        "blocking links: dependencies come from descriptions only",
        rows=50,
        is_never_null=True,
    ),
    Part(
        "pull-requests",
        "closedByPullRequestsReferences",
        _connection("closedByPullRequestsReferences", "state", ""),
        "linked pull requests: work under way shows by its Project status only",
        rows=10,
    ),
    Part(
        "fields",
        "issueFieldValues",
        _connection("issueFieldValues", _FIELD_VALUE),
        "issue fields: dates and priority come from the Project, labels and milestones",
        rows=25,
    ),
)
PROJECT = Part(
    "project",
    "projectItems",
    _connection("projectItems", _PROJECT_ITEM),
    "Projects: no dates, iterations, status and order from there",
    rows=3,
)
HISTORY_MISSING = "an issue's history: changes show only from one reading to the next"


def parts_of_plan(known_fields: Collection[str], project: bool) -> tuple[Part, ...]:
    """Everything an item is made of; ``known_fields`` are the host's fields of an issue."""
    held = (*EVERYWHERE, *(part for part in WHERE_KNOWN if part.field in known_fields))
    return (*held, PROJECT) if project and PROJECT.field in known_fields else held


def history(known_fields: Collection[str], event_kinds: Collection[str]) -> tuple[Part, ...]:
    """An issue's last 20 changes of the kinds a plan looks at; empty when the host has no such list."""
    text = timeline(event_kinds) if "timelineItems" in known_fields else ""
    if not text:
        return ()
    return (Part("history", "timelineItems", text, HISTORY_MISSING, rows=20, is_never_null=True),)


def issue_fields(parts: Sequence[Part], rows: int = 100) -> str:
    """``rows``: of a connection at most, for hosts that answer few at once."""
    return " ".join((ALWAYS, *(part.text(rows) for part in parts)))


def missing(known_fields: Collection[str], project: bool) -> list[str]:
    """What the host's issues lack, in words."""
    parts = (*WHERE_KNOWN, *((PROJECT,) if project else ()))
    words = [part.missing for part in parts if part.field not in known_fields]
    return [*words, *([] if "timelineItems" in known_fields else [HISTORY_MISSING])]
