"""A Jira issue → a tracker item, as the rulebook reads it. Pure; the client fetches."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from connectors import text
from connectors.contract import Setting
from connectors.item import DateOrigin, DodLine, Kind, Link, Rejected, State, TrackerItem, kept
from connectors.jira import values
from connectors.jira.decode import UNREADABLE
from connectors.jira.fields import Fields
from connectors.jira.links import LinkWords, native_links, reference, remote_links
from connectors.jira.options import Options
from connectors.reference import TextLocation

Issue = Mapping[str, Any]

_CATEGORIES: dict[str, State] = {"new": "todo", "undefined": "todo", "indeterminate": "doing", "done": "done"}
_KINDS: dict[str, Kind] = {
    "story": "story", "user story": "story", "feature": "story", "bug": "bug", "defect": "bug",
    "epic": "epic", "initiative": "initiative",
}  # fmt: skip
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
_ENDS = ("inwardIssue", "outwardIssue")
REMOTE_LINKS = "remotelinks"
"""Where the client puts an issue's remote links into its JSON, so that it is kept and read with it."""


@dataclass(frozen=True, slots=True)
class Site:
    """``name`` as in canonical references, ``browse`` the address that keys are appended to."""

    name: str
    browse: str


@dataclass(frozen=True, slots=True)
class Parsed:
    items: Sequence[TrackerItem]
    rejected: Sequence[Rejected]
    restricted: Sequence[str]
    unmapped: Mapping[str, Sequence[str]]


class Reader:
    """Reads the issues of one source: its site, its fields, its mapping."""

    def __init__(self, options: Options, setting: Setting, fields: Fields, site: Site) -> None:
        self._fields = fields
        self._site = site
        self._zone = setting.timezone
        self._vocabulary = setting.vocabulary
        self._home = TextLocation(site.name, "jira", None)
        self._words = LinkWords(setting.vocabulary, options.mapping.blocks)
        self._priorities = {
            **setting.vocabulary.priority,
            **{word.strip().casefold(): level for word, level in options.mapping.priority.items()},
        }
        self._states: dict[str, State] = {
            word.strip().casefold(): state for word, state in options.mapping.state.items()
        }
        self._include_restricted = options.include_restricted
        self._asks_always = options.remote_links == "always"

    def parse_page(self, issues: Iterable[Issue]) -> Parsed:
        """One record that cannot be read is rejected with its reason; the others go on."""
        items: list[TrackerItem] = []
        rejected: list[Rejected] = []
        restricted: list[str] = []
        unmapped: set[str] = set()
        for issue in issues:
            try:
                if UNREADABLE in issue:
                    rejected.append(Rejected(_best_name(issue), issue[UNREADABLE]))
                elif self.is_restricted(issue):
                    restricted.append(reference(self._site.name, issue))
                else:
                    items.append(self.parse_issue(issue))
                    if self._is_unmapped(issue["fields"]["status"]):
                        unmapped.add(items[-1].status)
            except _UNREADABLE as error:
                rejected.append(Rejected(_best_name(issue), _reason(error)))
        return Parsed(items, rejected, restricted, _unmapped(items, unmapped))

    def is_restricted(self, issue: Issue) -> bool:
        """A security level: our account may see what others may not."""
        return not self._include_restricted and bool(issue["fields"].get("security"))

    def may_have_remote_links(self, issue: Issue) -> bool:
        """As far as an unparsed record tells: worth a request, for it is open and will be kept."""
        try:
            if self.is_restricted(issue):
                return False
            return self._asks_always or self.state(issue["fields"])[0] in ("todo", "doing")
        except _UNREADABLE:
            return False

    def parse_issue(self, issue: Issue) -> TrackerItem:
        """Raises one of ``_UNREADABLE`` for a record without its essentials."""
        native_id, key, fields = str(issue["id"]), str(issue["key"]), issue["fields"]
        state, status = self.state(fields)
        priority_name = _name(fields.get("priority"))
        sprint = values.deciding_sprint(self._sprints(fields), self._zone)
        release = values.deciding_release(fields.get("fixVersions"), self._zone)
        start, start_from = self._start(fields, sprint)
        due, due_from = self._due(fields, sprint, release)
        return TrackerItem(
            native_id=native_id,
            identity=f"jira://{self._site.name}/id/{native_id}",
            name=f"jira://{self._site.name}/{key}",
            key=key,
            url=self._site.browse + key,
            title=str(fields.get("summary") or ""),
            kind=_kind(fields["issuetype"]),
            type=str(fields["issuetype"]["name"]),
            state=state,
            status=status,
            created=values.moment(fields["created"]),
            updated=values.moment(fields["updated"]),
            closed_on=self._closed_on(fields) if state in ("done", "dropped") else None,
            closed_as=_name(fields.get("resolution")) if state in ("done", "dropped") else None,
            priority=self._priorities.get(priority_name.strip().casefold()) if priority_name else None,
            priority_name=priority_name,
            assignee=_name(fields.get("assignee"), "displayName"),
            labels=tuple(map(str, fields.get("labels") or ())),
            components=tuple([str(one["name"]) for one in fields.get("components") or ()]),
            estimate=_number(self._first(fields, self._fields.estimate)),
            start=start,
            start_from=start_from,
            due=due,
            due_from=due_from,
            sprint=sprint.name if sprint else None,
            release=release.name if release else None,
            rank=_text(self._first(fields, self._fields.rank)),
            parent=self._parent(fields),
            links=self._links(issue),
            dod=self._done_lines(fields),
            raw=kept(_own(issue)),
        )

    def state(self, fields: Mapping[str, Any]) -> tuple[State, str]:
        """By the mapping, then the status category; a resolution such as Won't Do outranks both."""
        status = fields["status"]
        name = str(status["name"])
        category = _CATEGORIES.get(str((status.get("statusCategory") or {}).get("key")), "todo")
        state = self._states.get(name.strip().casefold(), category)
        resolution = _name(fields.get("resolution"))
        is_dropped = resolution and resolution.strip().casefold() in self._vocabulary.dropped
        if is_dropped and "done" in (state, category):
            return "dropped", name
        return state, name

    def _first(self, fields: Mapping[str, Any], ids: Sequence[str]) -> Any:
        for one in ids:
            value = fields.get(one)
            if value is not None:
                return value
        return None

    def _sprints(self, fields: Mapping[str, Any]) -> list[values.Sprint]:
        return values.sprints(self._first(fields, self._fields.sprint))

    def _day(self, fields: Mapping[str, Any], ids: Sequence[str]) -> date | None:
        for one in ids:
            value = fields.get(one)
            if isinstance(value, str) and (found := values.day(value, self._zone)):
                return found
        return None

    def _due(
        self, fields: Mapping[str, Any], sprint: values.Sprint | None, release: values.Release | None
    ) -> tuple[date | None, DateOrigin | None]:
        if found := self._day(fields, self._fields.due):
            return found, "field"
        if sprint and (found := values.day(sprint.end, self._zone)):
            return found, "sprint"
        return (release.day, "release") if release else (None, None)

    def _start(
        self, fields: Mapping[str, Any], sprint: values.Sprint | None
    ) -> tuple[date | None, DateOrigin | None]:
        if found := self._day(fields, self._fields.start):
            return found, "field"
        if sprint and values.day(sprint.end, self._zone) and (found := values.day(sprint.start, self._zone)):
            return found, "sprint"
        return None, None

    def _closed_on(self, fields: Mapping[str, Any]) -> date | None:
        return self._day(fields, ("resolutiondate", "statuscategorychangedate"))

    def _parent(self, fields: Mapping[str, Any]) -> str | None:
        if fields.get("parent"):
            return reference(self._site.name, fields["parent"])
        found = self._first(fields, self._fields.epic_link) or self._first(fields, self._fields.parent_link)
        if isinstance(found, Mapping):
            found = found.get("data") or found
            return reference(self._site.name, found) if found.get("id") or found.get("key") else None
        return reference(self._site.name, {"key": found}) if found else None

    def _links(self, issue: Issue) -> tuple[Link, ...]:
        fields = issue["fields"]
        found: list[Link] = []
        if linked := fields.get("issuelinks"):
            found += native_links(self._site.name, linked, self._words)
        if remote := issue.get(REMOTE_LINKS):
            found += remote_links(remote, self._words)
        description = values.plain(fields.get("description"))
        if description and text.may_have_dependencies(description, self._vocabulary):
            found += text.find_dependencies(description, self._vocabulary, self._home)
        return tuple(found)

    def _done_lines(self, fields: Mapping[str, Any]) -> tuple[DodLine, ...]:
        told = [value for one in self._fields.definition_of_done if (value := fields.get(one)) is not None]
        return tuple(line for value in told for line in values.done_lines(value)) if told else ()

    def _is_unmapped(self, status: Mapping[str, Any]) -> bool:
        if (status.get("statusCategory") or {}).get("key") in _CATEGORIES:
            return False
        return str(status["name"]).strip().casefold() not in self._states


def _unmapped(items: Iterable[TrackerItem], statuses: Iterable[str]) -> Mapping[str, Sequence[str]]:
    priorities = {one.priority_name for one in items if one.priority is None and one.priority_name}
    found = {"priority": sorted(priorities), "state": sorted(statuses)}
    return {field: words for field, words in found.items() if words}


def _own(issue: Issue) -> Issue:
    """Without what is told of other issues, which may be hidden from those who see this one."""
    fields = issue["fields"]
    said: dict[str, Any] = {}
    if fields.get("parent"):
        said["parent"] = _named_only(fields["parent"])
    if fields.get("issuelinks"):
        said["issuelinks"] = [
            {name: _named_only(value) if name in _ENDS else value for name, value in one.items()}
            for one in fields["issuelinks"]
        ]
    return {**issue, "fields": {**fields, **said}} if said else issue


def _named_only(other: Issue) -> Issue:
    return {name: value for name, value in other.items() if name != "fields"}


def _kind(issue_type: Mapping[str, Any]) -> Kind:
    level = issue_type.get("hierarchyLevel")
    if issue_type.get("subtask") or level == -1:
        return "subtask"
    if level is not None and level > 0:
        return "epic" if level == 1 else "initiative"
    return _KINDS.get(str(issue_type["name"]).strip().casefold(), "task")


def _name(value: Mapping[str, Any] | None, key: str = "name") -> str | None:
    found = (value.get(key) or value.get("name")) if value else None
    return str(found) if found else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    try:
        found = None if value is None else float(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found is None or math.isfinite(found) else None


def _best_name(issue: Any) -> str:
    return str(issue.get("key") or issue.get("id") or "?") if isinstance(issue, Mapping) else "?"


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}"
    return f"{type(error).__name__}: {str(error)[:200]}"
