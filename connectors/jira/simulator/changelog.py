"""What a simulated Jira remembers of changes, as its changelog tells them."""

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.jira.simulator import fields as known

_NAMES = {
    "summary": "summary",
    "status": "status",
    "priority": "priority",
    "assignee": "assignee",
    "duedate": "duedate",
    "fixVersions": "Fix Version",
    "project": "project",
    known.SPRINT: "Sprint",
    known.START_DATE: "Start date",
    known.TARGET_START: "Target start",
    known.TARGET_END: "Target end",
    known.TEAM: "Team",
}
_AUTHOR = {"displayName": "Ada Lovelace", "active": True}


def entries(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """An entry per field that differs between two versions of an issue's fields."""
    found = [
        _entry(field, name, before.get(field), after.get(field))
        for field, name in _NAMES.items()
        if (before.get(field) or None) != (after.get(field) or None)
    ]
    was, stands = before.get(known.RANK), after.get(known.RANK)
    return [*found, _ranked(was, stands)] if was and stands and was != stands else found


def history(number: int, at: str, items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Several entries made in one go."""
    return {"id": str(number), "author": dict(_AUTHOR), "created": at, "items": [dict(one) for one in items]}


def shown(one: Mapping[str, Any], wanted: Sequence[str], cloud: bool) -> dict[str, Any] | None:
    """A history with the entries of the wanted fields (none: all); Data Center does not name their ids."""
    items = [entry for entry in one["items"] if not wanted or entry["fieldId"] in wanted]
    if not items:
        return None
    return {**one, "items": items if cloud else [_unnamed(entry) for entry in items]}


def _unnamed(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != "fieldId"}


def _entry(field: str, name: str, before: Any, after: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "field": name,
        "fieldtype": "custom" if field.startswith("customfield_") else "jira",
        "fieldId": field,
    }
    for end, value in (("from", before), ("to", after)):
        words = _words(value)
        if words:
            found[end], found[f"{end}String"] = _id(value), words
    return found


def _ranked(before: str, after: str) -> dict[str, Any]:
    """Jira says which way, not from where."""
    way = "Ranked higher" if after < before else "Ranked lower"
    told = {"field": "Rank", "fieldtype": "custom", "fieldId": known.RANK}
    return {**told, "from": "", "fromString": "", "to": "", "toString": way}


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value)
    if isinstance(value, Mapping):
        return str(value.get("displayName") or value.get("name") or "")
    return "" if value is None else str(value)


def _id(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_id(one) for one in value)
    if isinstance(value, Mapping):
        return str(value.get("id") or value.get("accountId") or value.get("key") or "")
    return str(value)
