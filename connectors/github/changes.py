"""An issue's own history (GitHub's timeline) into changes. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from connectors.github import fields
from connectors.github.parse import UNREADABLE
from connectors.github.reading import Reading, moment_of
from connectors.github.words import CLOSED_AS
from connectors.item import Change, ChangedField


class _Told(NamedTuple):
    field: ChangedField
    before: str | None
    after: str | None


def changes_of(nodes: Iterable[Any], how: Reading) -> list[Change]:
    """Of every node that was asked with its history; an event that cannot be read is left out."""
    return [one for node in nodes if isinstance(node, dict) for one in _of_issue(node, how)]


def _of_issue(node: Mapping[str, Any], how: Reading) -> Iterator[Change]:
    for event in (node.get("timelineItems") or {}).get("nodes") or ():
        try:
            told = _READERS[event["__typename"]](event, how) if event else None
            if told:
                by = (event.get("actor") or {}).get("login")
                item = how.identity(node["id"])
                yield Change(item, event["id"], moment_of(event["createdAt"]), *told, by=by)
        except UNREADABLE:
            continue


def _someone(event: Mapping[str, Any]) -> str | None:
    login = (event.get("assignee") or {}).get("login")
    return str(login) if login else None


def _closed(event: Mapping[str, Any], how: Reading) -> _Told:
    return _Told("status", "Open", CLOSED_AS.get(event.get("stateReason") or "", "Closed"))


def _label(event: Mapping[str, Any], how: Reading) -> str | None:
    """The priority a label stands for; None for any other label."""
    _, word = fields.read_priority(fields.NOTHING, [event["label"]["name"]], how.priority)
    return word


def _labelled(event: Mapping[str, Any], how: Reading) -> _Told | None:
    return _Told("priority", None, word) if (word := _label(event, how)) else None


def _unlabelled(event: Mapping[str, Any], how: Reading) -> _Told | None:
    return _Told("priority", word, None) if (word := _label(event, how)) else None


def _status(event: Mapping[str, Any], how: Reading) -> _Told | None:
    """Another Project's status is not ours."""
    if (event.get("project") or {}).get("id") != how.project_id:
        return None
    return _Told("status", event["previousStatus"] or None, event["status"] or None)


def _field(event: Mapping[str, Any], how: Reading) -> _Told | None:
    name = event["issueField"]["name"].casefold()
    mapped = how.options.mapping.fields
    names: dict[ChangedField, tuple[str, ...]] = {
        "due": (*((mapped.due.casefold(),) if mapped.due else ()), *fields.DUE_NAMES),
        "start": (*((mapped.start.casefold(),) if mapped.start else ()), *fields.START_NAMES),
        "priority": ("priority",),
    }
    found: ChangedField | None = next((one for one, known in names.items() if name in known), None)
    if found is None:
        return None
    return _Told(found, event.get("previousValue"), event.get("newValue") or event.get("value"))


_READERS: dict[str, Callable[[Mapping[str, Any], Reading], _Told | None]] = {
    "MilestonedEvent": lambda event, how: _Told("release", None, event["milestoneTitle"]),
    "DemilestonedEvent": lambda event, how: _Told("release", event["milestoneTitle"], None),
    "AssignedEvent": lambda event, how: _Told("assignee", None, _someone(event)),
    "UnassignedEvent": lambda event, how: _Told("assignee", _someone(event), None),
    "ClosedEvent": _closed,
    "ReopenedEvent": lambda event, how: _Told("status", "Closed", "Open"),
    "LabeledEvent": _labelled,
    "UnlabeledEvent": _unlabelled,
    "ProjectV2ItemStatusChangedEvent": _status,
    "IssueFieldAddedEvent": _field,
    "IssueFieldChangedEvent": _field,
    "IssueFieldRemovedEvent": _field,
}
