"""Dates, priority, iteration and estimate from issue fields, Project fields and labels. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from connectors.item import DateOrigin

DUE_NAMES = ("target date", "due date", "end date")
START_NAMES = ("target start", "start date")
ESTIMATE_NAMES = ("estimate", "story points", "points")
_PRIORITY_LABEL = re.compile(r"(?:priority|prio|prioriteit)\s*[:/]\s*(.+)|(p[0-4])", re.IGNORECASE)


class Iteration(NamedTuple):
    title: str
    start: date
    end: date  # its last day


@dataclass(frozen=True, slots=True)
class Values:
    """Field values by casefolded name: the issue's own before the Project's."""

    issue: Mapping[str, Any]
    project: Mapping[str, Any]
    iterations: Sequence[Iteration]

    def first(self, names: Sequence[str]) -> Any:
        for held in (self.issue, self.project):
            for name in names if held else ():
                if (value := held.get(name)) is not None:
                    return value
        return None


NOTHING = Values({}, {}, ())


class Dated(NamedTuple):
    day: date | None
    origin: DateOrigin | None


def read_values(node: Mapping[str, Any], project_id: str | None) -> Values:
    own = _named(_nodes(node.get("issueFieldValues")))
    row = row_of(node, project_id)
    if row is None:
        return Values(own, {}, ()) if own else NOTHING
    values = _nodes(row["fieldValues"])
    return Values(own, _named(values), [_iteration(one) for one in values if one.get("startDate")])


def _nodes(connection: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Those we may see: GitHub writes null for others."""
    return [one for one in connection["nodes"] if one] if connection else []


def row_of(node: Mapping[str, Any], project_id: str | None) -> dict[str, Any] | None:
    """The issue's row in the Project, unless it is archived or not in there."""
    for row in _nodes(node.get("projectItems")):
        if row["project"]["id"] == project_id and not row["isArchived"]:
            return row
    return None


def _named(values: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    values_by_name = {}
    for one in values:
        name = (one.get("field") or {}).get("name")
        if name:
            values_by_name[name.casefold()] = next(
                (one[key] for key in _VALUE_KEYS if one.get(key) is not None), None
            )
    return values_by_name


_VALUE_KEYS = ("value", "date", "name", "number")


def _iteration(value: Mapping[str, Any]) -> Iteration:
    start = date.fromisoformat(value["startDate"])
    return Iteration(value["title"], start, start + timedelta(days=value["duration"] - 1))


def last_iteration(values: Values, today: date) -> Iteration | None:
    """Of those under way or to come the one that ends last; one that is over says nothing."""
    going = [one for one in values.iterations if one.end >= today]
    return max(going, key=lambda one: one.end, default=None)


def day_of(value: Any) -> date | None:
    """A date field's value; None when it holds something else, such as "next week"."""
    return None if value is None else _day(str(value)[:10])


@lru_cache(maxsize=65536)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def dated(values: Values, mapped: str | None, names: Sequence[str]) -> date | None:
    for wanted in ((mapped.casefold(),) if mapped else (), names):
        if (day := day_of(values.first(wanted))) is not None:
            return day
    return None


@lru_cache(maxsize=65536)
def priority_label(label: str) -> tuple[str, bool] | None:
    """The word in a priority label, and whether a prefix says that it is one."""
    match = _PRIORITY_LABEL.fullmatch(label.strip())
    if match is None:
        return None
    return (match[1].strip(), True) if match[1] else (match[2], False)


def read_priority(
    values: Values, labels: Sequence[str], words: Mapping[str, int]
) -> tuple[int | None, str | None]:
    """Its figure, and the tracker's word; a field with a value decides even if it maps to nothing."""
    named = values.first(("priority",))
    if named is not None:
        return words.get(str(named).strip().casefold()), str(named)
    if not labels:
        return None, None
    labelled = [one for label in labels if (one := _labelled(label, words))]
    return min(labelled, key=lambda one: one[0] or 9, default=(None, None))


def _labelled(label: str, words: Mapping[str, int]) -> tuple[int | None, str] | None:
    read = priority_label(label)
    if read is None:
        return None
    word, prefixed = read
    figure = words.get(word.casefold())
    return (figure, word) if figure is not None or prefixed else None
