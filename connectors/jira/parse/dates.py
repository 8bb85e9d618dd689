"""When an issue starts and is due, and where that is said (rulebook, "Due and start")."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from connectors.item import DateOrigin
from connectors.jira.parse.fields import Fields
from connectors.jira.parse.values import Release, Sprint, day, deciding_release, deciding_sprint, sprints

Json = Mapping[str, Any]
_CLOSING = ("resolutiondate", "statuscategorychangedate")


class Dated(NamedTuple):
    day: date | None
    origin: DateOrigin | None


class Plan(NamedTuple):
    start: Dated
    due: Dated
    sprint: Sprint | None
    release: Release | None


_UNDATED = Dated(None, None)


def read_plan(fields: Json, ids: Fields, zone: ZoneInfo) -> Plan:
    sprint = deciding_sprint(sprints(first_value(fields, ids.sprint)), zone)
    release = deciding_release(fields.get("fixVersions"), zone)
    return Plan(_start(fields, ids, sprint, zone), _due(fields, ids, sprint, release, zone), sprint, release)


def _due(fields: Json, ids: Fields, sprint: Sprint | None, release: Release | None, zone: ZoneInfo) -> Dated:
    if own := first_day(fields, ids.due, zone):
        return Dated(own, "field")
    if sprint and (end := day(sprint.end, zone)):
        return Dated(end, "sprint")
    return Dated(release.day, "release") if release else _UNDATED


def _start(fields: Json, ids: Fields, sprint: Sprint | None, zone: ZoneInfo) -> Dated:
    if own := first_day(fields, ids.start, zone):
        return Dated(own, "field")
    if sprint and day(sprint.end, zone) and (start := day(sprint.start, zone)):
        return Dated(start, "sprint")
    return _UNDATED


def read_closed_on(fields: Json, closing: str | None, zone: ZoneInfo) -> date | None:
    """``closing``: the moment that the issue's history tells, for a site that sets no date of its own."""
    return first_day(fields, _CLOSING, zone) or day(closing, zone)


def first_value(fields: Json, ids: Sequence[str]) -> Any:
    return next((value for field_id in ids if (value := fields.get(field_id)) is not None), None)


def first_day(fields: Json, ids: Sequence[str], zone: ZoneInfo) -> date | None:
    values = (fields.get(field_id) for field_id in ids)
    return next((on for value in values if isinstance(value, str) and (on := day(value, zone))), None)
