"""Issues in Jira's own words, written shortly; what one leaves out looks as on a fresh site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal, NamedTuple
from zlib import crc32

from connectors.jira.simulator import fields as known

Flavour = Literal["cloud", "datacenter"]
Link = dict[str, Any]

_CATEGORIES = {
    "new": {"id": 2, "key": "new", "colorName": "blue-gray", "name": "To Do"},
    "indeterminate": {"id": 4, "key": "indeterminate", "colorName": "yellow", "name": "In Progress"},
    "done": {"id": 3, "key": "done", "colorName": "green", "name": "Done"},
}
_DOING = {"in progress", "in review", "doing", "bezig", "in behandeling", "ready to ship", "testing"}
_DONE = {"done", "closed", "resolved", "gereed", "klaar", "afgerond", "gesloten"}
_LEVELS = {"sub-task": -1, "subtaak": -1, "epic": 1, "epik": 1, "initiative": 2, "initiatief": 2}
_LINK_TYPES = {
    "Blocks": ("is blocked by", "blocks"),
    "Relates": ("relates to", "relates to"),
    "Cloners": ("is cloned by", "clones"),
    "Duplicate": ("is duplicated by", "duplicates"),
    "Conflict": ("conflicts with", "conflicts with"),
}


class Sprint(NamedTuple):
    id: int
    name: str
    state: Literal["active", "future", "closed"] = "active"
    start: str | None = None
    """ISO 8601 moment, ``2026-03-02T09:00:00.000Z``."""
    end: str | None = None


def link(kind: str, *, outward: str | None = None, inward: str | None = None) -> Link:
    """``link("Blocks", outward="ONL-2")``: this issue blocks ONL-2; ``inward``: is blocked by it.

    Say it on one of the two issues: the site writes the other end, with the same link id.
    """
    words = _LINK_TYPES[kind]
    made = {
        "id": str(crc32(kind.encode()) % 9000 + 10000),
        "name": kind,
        "inward": words[0],
        "outward": words[1],
    }
    end = {"outwardIssue": {"key": outward}} if outward else {"inwardIssue": {"key": inward}}
    return {"type": made, **end}


def remote_link(url: str, relationship: str, title: str = "") -> dict[str, Any]:
    """A link to somewhere else, as ``GET /issue/{key}/remotelink`` lists it."""
    return {
        "id": crc32(f"{url} {relationship}".encode()),
        "relationship": relationship,
        "object": {"url": url, "title": title or url, "status": {"resolved": False}},
    }


def version(
    name: str, release: str | None = None, *, released: bool = False, archived: bool = False
) -> dict[str, Any]:
    """A release; ``release`` is its date as YYYY-MM-DD."""
    found = {"id": str(crc32(name.encode())), "name": name, "released": released, "archived": archived}
    return found if release is None else {**found, "releaseDate": release}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What ``issue`` understands. Dates are ``date`` or YYYY-MM-DD, moments ``datetime`` or ISO 8601."""

    key: str
    summary: str | None
    id: str | None = None  # the site numbers those without
    type: str = "Story"
    status: str = "To Do"
    category: Literal["new", "indeterminate", "done"] | None = None  # else told from the status
    resolution: str | None = None  # "Done" for what is done
    resolved: datetime | str | None = None
    priority: str | None = "Medium"
    parent: str | None = None  # key; becomes an Epic Link on Data Center
    sprint: Sprint | Sequence[Sprint] | None = None
    versions: Sequence[Mapping[str, Any]] = ()
    start: date | str | None = None
    due: date | str | None = None
    target_start: date | str | None = None
    target_end: date | str | None = None
    points: float | None = None
    rank: str | None = None
    labels: Sequence[str] = ()
    components: Sequence[str] = ()
    assignee: str | None = None
    description: str | Mapping[str, Any] | None = None
    dod: str | Mapping[str, Any] | None = None  # the text field "Definition of Done"
    dod_options: Sequence[str] = ()  # ticked in the checkbox field "Done criteria"
    links: Sequence[Link] = ()
    security: str | None = None
    created: datetime | str = "2026-01-05T09:00:00.000+0000"
    updated: datetime | str | None = None  # when created
    more: Mapping[str, Any] = field(default_factory=dict)  # further fields by id

    def native(self, flavour: Flavour) -> dict[str, Any]:
        return {
            **({"id": self.id} if self.id else {}),
            "key": self.key,
            "fields": {
                **self._story(flavour),
                **self._plan(flavour),
                **self._relations(flavour),
                **self.more,
            },
        }

    def _story(self, flavour: Flavour) -> dict[str, Any]:
        category = self.category or _category(self.status)
        resolution = self.resolution or ("Done" if category == "done" else None)
        resolved = self.resolved or (self.updated or self.created if resolution else None)
        return {
            "summary": self.summary,
            "description": self.description,
            "issuetype": _issue_type(self.type, flavour),
            "status": {**_named(self.status), "statusCategory": _CATEGORIES[category]},
            "priority": _named(self.priority) if self.priority else None,
            "resolution": _named(resolution) if resolution else None,
            "resolutiondate": moment(resolved) if resolved else None,
            "created": moment(self.created),
            "updated": moment(self.updated or self.created),
            "labels": list(self.labels),
            "components": [_named(one) for one in self.components],
            "assignee": _user(self.assignee, flavour) if self.assignee else None,
            "security": _named(self.security) if self.security else None,
        }

    def _plan(self, flavour: Flavour) -> dict[str, Any]:
        sprints = [self.sprint] if isinstance(self.sprint, Sprint) else self.sprint or ()
        return {
            "duedate": _day(self.due),
            "fixVersions": [dict(one) for one in self.versions],
            known.START_DATE: _day(self.start),
            known.TARGET_START: _day(self.target_start),
            known.TARGET_END: _day(self.target_end),
            known.STORY_POINTS: self.points,
            known.RANK: self.rank,
            known.SPRINT: [_sprint(one, flavour) for one in sprints] or None,
            known.DEFINITION_OF_DONE: self.dod,
            **({known.EPIC_NAME: self.summary} if self._is_epic_of_data_center(flavour) else {}),
            known.DONE_CRITERIA: [{"id": str(crc32(one.encode())), "value": one} for one in self.dod_options]
            or None,
        }

    def _is_epic_of_data_center(self, flavour: Flavour) -> bool:
        return flavour == "datacenter" and _LEVELS.get(self.type.casefold()) == 1

    def _relations(self, flavour: Flavour) -> dict[str, Any]:
        found: dict[str, Any] = {"issuelinks": [dict(one) for one in self.links], "subtasks": []}
        if self.parent is None:
            return found
        if flavour == "datacenter" and self.type.casefold() not in _LEVELS:
            return {**found, known.EPIC_LINK: self.parent}
        if self._is_epic_of_data_center(flavour):
            return {**found, known.PARENT_LINK: self.parent}
        return {**found, "parent": {"key": self.parent}}


def issue(key: str, summary: str | None, flavour: Flavour = "cloud", **more: Any) -> dict[str, Any]:
    """An issue as that flavour of Jira writes it; ``more`` are the fields of ``Ticket``."""
    return Ticket(key=key, summary=summary, **more).native(flavour)


def moment(value: datetime | str) -> str:
    """As Jira writes moments, ``2026-03-01T10:00:00.000+0000``; text is passed through."""
    if isinstance(value, str):
        return value
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03d}+0000"


def _day(value: date | str | None) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _named(name: str) -> dict[str, Any]:
    return {"id": str(crc32(name.encode()) % 90000 + 10000), "name": name}


def _category(status: str) -> str:
    word = status.casefold()
    return "indeterminate" if word in _DOING else "done" if word in _DONE else "new"


def _issue_type(name: str, flavour: Flavour) -> dict[str, Any]:
    level = _LEVELS.get(name.casefold(), 0)
    found = {**_named(name), "subtask": level < 0}
    return {**found, "hierarchyLevel": level} if flavour == "cloud" else found


def _user(name: str, flavour: Flavour) -> dict[str, Any]:
    word = name.casefold().replace(" ", ".")
    identity = (
        {"accountId": f"712020:{crc32(word.encode()):08x}"}
        if flavour == "cloud"
        else {"name": word, "key": word}
    )
    return {**identity, "displayName": name, "active": True}


def _sprint(one: Sprint, flavour: Flavour) -> dict[str, Any] | str:
    if flavour == "cloud":
        found = {"id": one.id, "name": one.name, "state": one.state, "boardId": 1, "goal": ""}
        return {**found, "startDate": one.start, "endDate": one.end}
    said = {"startDate": one.start or "<null>", "endDate": one.end or "<null>", "completeDate": "<null>"}
    tail = ",".join(f"{word}={value}" for word, value in said.items())
    return (
        f"com.atlassian.greenhopper.service.sprint.Sprint@1bf75fd[id={one.id},rapidViewId=1,"
        f"state={one.state.upper()},name={one.name},{tail},sequence={one.id},goal=]"
    )
