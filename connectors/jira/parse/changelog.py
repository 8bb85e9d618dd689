"""Jira's changelog → the changes that a plan's history tells of. Pure; history.py fetches."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from connectors.item import Change, ChangedField
from connectors.jira.parse import values
from connectors.jira.parse.fields import Fields

MOST_FIELDS = 10  # that Cloud filters a changelog by
_SYSTEM: dict[str, ChangedField] = {
    "duedate": "due", "status": "status", "priority": "priority", "assignee": "assignee",
    "fixVersions": "release",
}  # fmt: skip
_SYSTEM_NAMES: dict[str, ChangedField] = {
    "duedate": "due", "due date": "due", "status": "status", "priority": "priority",
    "assignee": "assignee", "fix version": "release", "fix version/s": "release",
}  # fmt: skip
_DATES = ("start", "due")
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, OSError, RecursionError)


class ChangeReader:
    """Knows which fields of one site the history is about, by id (Cloud) and by name (Data Center)."""

    def __init__(self, fields: Fields, listed: Iterable[Mapping[str, Any]]) -> None:
        order: dict[str, ChangedField] = dict.fromkeys(fields.rank, "order")
        self._by_id: dict[str, ChangedField] = {**_custom(fields), **_SYSTEM, **order}
        names = {str(one["id"]): str(one.get("name") or "").casefold() for one in listed}
        custom = _custom(fields) | order
        named = {names[one]: field for one, field in custom.items() if names.get(one)}
        self._by_name: dict[str, ChangedField] = {**named, **_SYSTEM_NAMES}

    @property
    def field_ids(self) -> Sequence[str]:
        """To filter by; empty when Cloud would not take as many.

        The order is asked for where there is room: an issue's rank tells of it too.
        """
        asked = [one for one, field in self._by_id.items() if field != "order"]
        return list(self._by_id)[:MOST_FIELDS] if len(asked) <= MOST_FIELDS else []

    def parse(self, item: str, histories: Iterable[Any], since: float) -> list[Change]:
        """Those of ``item`` (an identity) since an epoch second. What is unreadable is left out."""
        found: list[Change] = []
        for history in histories:
            try:
                found += self._changes(item, history, since)
            except _UNREADABLE:
                continue
        return found

    def _changes(self, item: str, history: Mapping[str, Any], since: float) -> list[Change]:
        at = values.as_moment(history["created"])
        if at.timestamp() < since:
            return []
        found: list[Change] = []
        for entry in history.get("items") or ():
            field = self._field(entry)
            if field is not None:
                place = len([one for one in found if one.field == field])
                found.append(
                    Change(
                        item=item,
                        id=f"{history['id']}.{place}" if place else str(history["id"]),
                        at=at,
                        field=field,
                        before=_word(entry, "from", field),
                        after=_word(entry, "to", field),
                        by=(history.get("author") or {}).get("displayName"),
                    )
                )
        return found

    def _field(self, entry: Mapping[str, Any]) -> ChangedField | None:
        if entry.get("fieldId"):
            return self._by_id.get(str(entry["fieldId"]))
        return self._by_name.get(str(entry.get("field") or "").casefold())


def _custom(fields: Fields) -> dict[str, ChangedField]:
    return {
        **dict.fromkeys(fields.team, "team"),
        **dict.fromkeys(fields.sprint, "sprint"),
        **dict.fromkeys(fields.start, "start"),
        **dict.fromkeys(fields.due, "due"),
    }


def _word(entry: Mapping[str, Any], end: str, field: ChangedField) -> str | None:
    """What a person reads; of a date the day itself, for Jira writes it in the account's language."""
    raw, shown = entry.get(end), entry.get(f"{end}String")
    if field in _DATES and isinstance(raw, str) and values.is_day(raw[:10]):
        return raw[:10]
    told = shown if shown not in (None, "") else raw
    return None if told in (None, "") else str(told)
