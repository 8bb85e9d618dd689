"""An issue's own history (GitHub's timeline) into changes. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from connectors.github.parse import fields
from connectors.github.parse.classification import CLOSED_AS
from connectors.github.parse.context import ParseContext, moment_of
from connectors.github.parse.issue import UNREADABLE
from connectors.item import Change, ChangedField


class _FieldChange(NamedTuple):
    field: ChangedField
    before: str | None
    after: str | None


def changes_of(nodes: Iterable[Any], context: ParseContext) -> list[Change]:
    """Of every node that was asked with its history; an event that cannot be read is left out."""
    return [one for node in nodes if isinstance(node, dict) for one in _of_issue(node, context)]


def _of_issue(node: Mapping[str, Any], context: ParseContext) -> Iterator[Change]:
    for event in (node.get("timelineItems") or {}).get("nodes") or ():
        try:
            change = _READERS[event["__typename"]](event, context) if event else None
            if change:
                by = (event.get("actor") or {}).get("login")
                item = context.identity(node["id"])
                yield Change(item, event["id"], moment_of(event["createdAt"]), *change, by=by)
        except UNREADABLE:
            continue


def _someone(event: Mapping[str, Any]) -> str | None:
    login = (event.get("assignee") or {}).get("login")
    return str(login) if login else None


def _closed(event: Mapping[str, Any], context: ParseContext) -> _FieldChange:
    return _FieldChange("status", "Open", CLOSED_AS.get(event.get("stateReason") or "", "Closed"))


def _label(event: Mapping[str, Any], context: ParseContext) -> str | None:
    """The priority a label stands for; None for any other label."""
    _, word = fields.read_priority(fields.NOTHING, [event["label"]["name"]], context.priority)
    return word


def _labelled(event: Mapping[str, Any], context: ParseContext) -> _FieldChange | None:
    return _FieldChange("priority", None, word) if (word := _label(event, context)) else None


def _unlabelled(event: Mapping[str, Any], context: ParseContext) -> _FieldChange | None:
    return _FieldChange("priority", word, None) if (word := _label(event, context)) else None


def _status(event: Mapping[str, Any], context: ParseContext) -> _FieldChange | None:
    """Another Project's status is not ours."""
    if (event.get("project") or {}).get("id") != context.project_id:
        return None
    return _FieldChange("status", event["previousStatus"] or None, event["status"] or None)


def _field(event: Mapping[str, Any], context: ParseContext) -> _FieldChange | None:
    name = event["issueField"]["name"].casefold()
    mapped = context.options.mapping.fields
    names: dict[ChangedField, tuple[str, ...]] = {
        "due": (*((mapped.due.casefold(),) if mapped.due else ()), *fields.DUE_NAMES),
        "start": (*((mapped.start.casefold(),) if mapped.start else ()), *fields.START_NAMES),
        "priority": ("priority",),
    }
    field: ChangedField | None = next((field for field, known in names.items() if name in known), None)
    if field is None:
        return None
    return _FieldChange(field, event.get("previousValue"), event.get("newValue") or event.get("value"))


_READERS: dict[str, Callable[[Mapping[str, Any], ParseContext], _FieldChange | None]] = {
    "MilestonedEvent": lambda event, context: _FieldChange("release", None, event["milestoneTitle"]),
    "DemilestonedEvent": lambda event, context: _FieldChange("release", event["milestoneTitle"], None),
    "AssignedEvent": lambda event, context: _FieldChange("assignee", None, _someone(event)),
    "UnassignedEvent": lambda event, context: _FieldChange("assignee", _someone(event), None),
    "ClosedEvent": _closed,
    "ReopenedEvent": lambda event, context: _FieldChange("status", "Closed", "Open"),
    "LabeledEvent": _labelled,
    "UnlabeledEvent": _unlabelled,
    "ProjectV2ItemStatusChangedEvent": _status,
    "IssueFieldAddedEvent": _field,
    "IssueFieldChangedEvent": _field,
    "IssueFieldRemovedEvent": _field,
}
