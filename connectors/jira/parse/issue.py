"""A Jira issue → a tracker item, as the rulebook reads it. Pure; the client fetches."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors import text
from connectors.contract import Setting
from connectors.item import DodLine, Link, Rejected, TrackerItem, kept
from connectors.jira.options import Options
from connectors.jira.parse import values
from connectors.jira.parse.dates import first_value, read_closed_on, read_plan
from connectors.jira.parse.decode import UNREADABLE
from connectors.jira.parse.done_lines import read_done_lines
from connectors.jira.parse.fields import Fields
from connectors.jira.parse.kind import read_kind
from connectors.jira.parse.links import LinkWords, native_links, reference, remote_links
from connectors.jira.parse.state import CLOSED, StateReader, name_of
from connectors.reference import TextLocation

Issue = Mapping[str, Any]

UNREADABLE_SHAPE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError)
"""What reading a record of another shape than Jira's raises."""
HISTORY_PART, REMOTE_LINKS_PART = "history", "remote-links"
REMOTE_LINKS, CLOSING, UNREAD = "remotelinks", "closing", "unread"
"""Where the client puts what it asked for besides: the issue's remote links, the moment at which its
status became a closed one, and the parts it did without. So they are kept and read with the issue."""
RECENTLY_CLOSED = timedelta(days=30)  # for which dependency-contradiction looks back
_ENDS = ("inwardIssue", "outwardIssue")


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


class IssueReader:
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
        self._include_restricted = options.include_restricted
        self.states = StateReader(options, setting.vocabulary)

    def parse_page(self, issues: Iterable[Issue], page: int = 1) -> Parsed:
        """One record that cannot be read is rejected with its reason; the others go on.

        ``page``: which one of the reading it is, by which records without a name are told.
        """
        items: list[TrackerItem] = []
        rejected: list[Rejected] = []
        restricted: list[str] = []
        unmapped: set[str] = set()
        for place, issue in enumerate(issues, 1):
            try:
                if UNREADABLE in issue:
                    rejected.append(Rejected(_best_name(issue, page, place), issue[UNREADABLE]))
                elif self.is_restricted(issue):
                    restricted.append(reference(self._site.name, issue))
                else:
                    items.append(self.parse_issue(issue))
                    if self.states.is_unmapped(issue["fields"]["status"]):
                        unmapped.add(items[-1].status)
            except UNREADABLE_SHAPE as error:
                rejected.append(Rejected(_best_name(issue, page, place), _reason(error)))
        return Parsed(items, rejected, restricted, _unmapped(items, unmapped))

    def is_restricted(self, issue: Issue) -> bool:
        """A security level: our account may see what others may not."""
        return not self._include_restricted and bool(issue["fields"].get("security"))

    def is_shown(self, issue: Issue) -> bool:
        """As far as an unparsed record tells: whether it will become an item."""
        try:
            return UNREADABLE not in issue and not self.is_restricted(issue) and bool(issue["id"])
        except UNREADABLE_SHAPE:
            return False

    def lacks_closing(self, issue: Issue) -> bool:
        """Whether it is closed while its fields do not say when; its history may."""
        try:
            fields = issue["fields"]
            return self.states.read_state(fields) in CLOSED and not read_closed_on(fields, None, self._zone)
        except UNREADABLE_SHAPE:
            return False

    def closed_long_ago(self, issue: Issue, today: date) -> bool:
        """Where nothing tells when it closed, its last update bounds it."""
        try:
            fields = issue["fields"]
            if self.states.read_state(fields) not in CLOSED:
                return False
            updated = values.day(str(fields.get("updated")), self._zone)
            on = read_closed_on(fields, issue.get(CLOSING), self._zone) or updated
            return on is not None and on < today - RECENTLY_CLOSED
        except UNREADABLE_SHAPE:
            return False

    def parse_issue(self, issue: Issue) -> TrackerItem:
        """Raises one of ``UNREADABLE_SHAPE`` for a record without its essentials."""
        native_id, key, fields = str(issue["id"]), str(issue["key"]), issue["fields"]
        state, plan = self.states.read_state(fields), read_plan(fields, self._fields, self._zone)
        is_closed, resolution = state in CLOSED, name_of(fields.get("resolution"))
        priority_name = name_of(fields.get("priority"))
        links, unread = self._links(issue)
        return TrackerItem(
            native_id=native_id,
            identity=f"jira://{self._site.name}/id/{native_id}",
            name=f"jira://{self._site.name}/{key}",
            key=key,
            url=self._site.browse + key,
            title=str(fields.get("summary") or ""),
            kind=read_kind(fields, self._fields.epic_name),
            type=str(fields["issuetype"]["name"]),
            state=state,
            status=str(fields["status"]["name"]),
            created=values.moment(fields["created"]),
            updated=values.moment(fields["updated"]),
            closed_on=read_closed_on(fields, issue.get(CLOSING), self._zone) if is_closed else None,
            closed_as=resolution if is_closed else None,
            is_duplicate=is_closed and self.states.is_duplicate(resolution),
            priority=self._priorities.get(priority_name.strip().casefold()) if priority_name else None,
            priority_name=priority_name,
            assignee=name_of(fields.get("assignee"), "displayName"),
            labels=tuple(map(str, fields.get("labels") or ())),
            components=tuple([str(one["name"]) for one in fields.get("components") or ()]),
            estimate=_number(first_value(fields, self._fields.estimate)),
            start=plan.start.day,
            start_from=plan.start.origin,
            due=plan.due.day,
            due_from=plan.due.origin,
            sprint=plan.sprint.name if plan.sprint else None,
            release=plan.release.name if plan.release else None,
            rank=_text(first_value(fields, self._fields.rank)),
            parent=self._parent(fields),
            links=links,
            dod=self._done_lines(fields),
            unread=unread,
            raw=kept(_own(issue)),
        )

    def _parent(self, fields: Mapping[str, Any]) -> str | None:
        if fields.get("parent"):
            return reference(self._site.name, fields["parent"])
        above = first_value(fields, self._fields.epic_link) or first_value(fields, self._fields.parent_link)
        if isinstance(above, Mapping):
            above = above.get("data") or above
            return reference(self._site.name, above) if above.get("id") or above.get("key") else None
        return reference(self._site.name, {"key": above}) if above else None

    def _links(self, issue: Issue) -> tuple[tuple[Link, ...], tuple[str, ...]]:
        """With the parts that are not in it: left out by the client, or of another shape than Jira's."""
        fields, unread = issue["fields"], [str(part) for part in issue.get(UNREAD) or ()]
        links: list[Link] = []
        if linked := fields.get("issuelinks"):
            links += native_links(self._site.name, linked, self._words)
        try:
            links += remote_links(issue.get(REMOTE_LINKS) or (), self._words)
        except UNREADABLE_SHAPE:
            unread.append(REMOTE_LINKS_PART)
        description = values.plain(fields.get("description"))
        if description and text.may_have_dependencies(description, self._vocabulary):
            links += text.find_dependencies(description, self._vocabulary, self._home)
        return tuple(links), tuple(sorted(set(unread)))

    def _done_lines(self, fields: Mapping[str, Any]) -> tuple[DodLine, ...]:
        ids = self._fields.definition_of_done
        return tuple(line for one in ids if fields.get(one) for line in read_done_lines(fields[one]))


def _unmapped(items: Iterable[TrackerItem], statuses: Iterable[str]) -> Mapping[str, Sequence[str]]:
    priorities = {one.priority_name for one in items if one.priority is None and one.priority_name}
    words = {"priority": sorted(priorities), "state": sorted(statuses)}
    return {field: unmapped for field, unmapped in words.items() if unmapped}


def _own(issue: Issue) -> Issue:
    """Without what is told of other issues, which may be hidden from those who see this one."""
    fields = issue["fields"]
    named: dict[str, Any] = {}
    if fields.get("parent"):
        named["parent"] = _named_only(fields["parent"])
    if fields.get("issuelinks"):
        named["issuelinks"] = [
            {name: _named_only(value) if name in _ENDS else value for name, value in link.items()}
            for link in fields["issuelinks"]
        ]
    return {**issue, "fields": {**fields, **named}} if named else issue


def _named_only(issue: Issue) -> Issue:
    return {name: value for name, value in issue.items() if name != "fields"}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Any) -> float | None:
    try:
        number = None if value is None else float(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return number if number is None or math.isfinite(number) else None


def _best_name(issue: Any, page: int, place: int) -> str:
    """Its key or id, else where it stands, so that each such record counts."""
    name = (issue.get("key") or issue.get("id")) if isinstance(issue, Mapping) else None
    return str(name) if isinstance(name, str | int) and name else f"page {page}, record {place}"


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]}"
    return f"{type(error).__name__}: {str(error)[:200]}"
