"""GitHub's issues and milestones into items, as the rulebook reads them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from connectors import text
from connectors.contract import Setting
from connectors.github import fields
from connectors.github.options import Epics, Options
from connectors.item import DodLine, Kind, Link, Rejected, State, TrackerItem

_KINDS: dict[str, Kind] = {
    "initiative": "initiative",
    "epic": "epic",
    "story": "story",
    "feature": "story",
    "user story": "story",
    "bug": "bug",
    "defect": "bug",
    "sub-task": "subtask",
    "subtask": "subtask",
}
_KIND_LABELS: dict[str, Kind] = {"epic": "epic", "bug": "bug", "feature": "story"}
_COMPONENT_PREFIXES = ("component:", "component/", "area:", "area/")
_CLOSED_AS = {"NOT_PLANNED": "Closed as not planned", "DUPLICATE": "Closed as duplicate"}
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the nodes of one source are read with."""

    options: Options
    setting: Setting
    today: date
    epics: Epics
    project_id: str | None = None
    ranks: Mapping[str, str] = field(default_factory=dict)  # by node id
    priority: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)

    @property
    def repository(self) -> str:
        return self.options.repository

    @property
    def home(self) -> text.Home:
        return text.Home(self.options.site, "github", self.repository.lower())


def reading(
    options: Options,
    setting: Setting,
    today: date,
    epics: Epics,
    project_id: str | None = None,
    ranks: Mapping[str, str] | None = None,
) -> Reading:
    """The source's own mapping goes before the vocabulary."""
    own = {word.strip().casefold(): figure for word, figure in options.mapping.priority.items()}
    states = {word.strip().casefold(): state for word, state in options.mapping.state.items()}
    priority = {**setting.vocabulary.priority, **own}
    return Reading(options, setting, today, epics, project_id, ranks or {}, priority, states)


def parse_all(nodes: Iterable[Any], how: Reading) -> tuple[list[TrackerItem], list[Rejected]]:
    """Every node that can be read; a bad record is rejected with a reason and stops nothing."""
    items: list[TrackerItem] = []
    rejected: list[Rejected] = []
    for node in nodes:
        try:
            items.append(parse_issue(node, how))
        except _UNREADABLE as wrong:
            rejected.append(
                Rejected(best_name(node, how), f"cannot be read: {type(wrong).__name__} {wrong}"[:200])
            )
    return items, rejected


def best_name(node: Any, how: Reading) -> str:
    number = node.get("number") if isinstance(node, dict) else None
    return f"{how.repository}#{number if number is not None else '?'}"


def unmapped_priorities(items: Iterable[TrackerItem]) -> dict[str, list[str]]:
    words = {one.priority_name for one in items if one.priority is None and one.priority_name}
    return {"priority": sorted(words)} if words else {}


def parse_issue(node: Mapping[str, Any], how: Reading) -> TrackerItem:
    """A node as ``queries.issue_fields`` asks for it; fields a host lacks may be absent.

    Raises KeyError, TypeError or ValueError when it cannot be read.
    """
    number = int(node["number"])
    labels = tuple(one["name"] for one in node["labels"]["nodes"] if one)
    values = fields.read_values(node, how.project_id)
    iteration = fields.last_iteration(values, how.today)
    milestone = node.get("milestone")
    state, status = _state(node, values, how)
    due, start = _due(values, iteration, milestone, how), _start(values, iteration, how)
    priority, priority_name = fields.read_priority(values, labels, how.priority)
    body = node.get("body") or ""
    links, hidden = _links(node, body, how)
    people = [one["login"] for one in node["assignees"]["nodes"] if one]
    closed = node.get("closedAt")
    return TrackerItem(
        native_id=str(number),
        identity=f"github://{how.options.site}/id/{node['id']}",
        name=_name(how, how.repository, number),
        key=f"{how.repository}#{number}",
        url=node["url"],
        title=str(node["title"]),
        kind=_kind(node, labels, how.epics),
        type=(node.get("issueType") or {}).get("name") or "Issue",
        state=state,
        status=status,
        created=datetime.fromisoformat(node["createdAt"]),
        updated=datetime.fromisoformat(node["updatedAt"]),
        closed_on=_day(closed, how) if closed and node["state"] == "CLOSED" else None,
        priority=priority,
        priority_name=priority_name,
        assignee=people[0] if people else None,
        labels=labels,
        components=_components(labels, how),
        estimate=_estimate(values, how),
        start=start.day,
        start_from=start.origin,
        due=due.day,
        due_from=due.origin,
        sprint=iteration.title if iteration else None,
        release=milestone["title"] if milestone else None,
        rank=how.ranks.get(node["id"]),
        parent=_parent(node, milestone, how),
        links=links,
        dod=_dod(body, how),
        hidden_blockers=hidden,
        raw=node,
    )


def parse_milestone(node: Mapping[str, Any], how: Reading) -> TrackerItem:
    """A milestone that serves as an epic."""
    body = node.get("description") or ""
    number, closed = node["number"], node["state"] == "CLOSED"
    due = fields.day_of(node["dueOn"]) if node.get("dueOn") else None
    return TrackerItem(
        native_id=f"milestone-{number}",
        identity=f"github://{how.options.site}/id/{node['id']}",
        name=milestone_name(how, number),
        key=f"{how.repository}/milestone/{number}",
        url=node["url"],
        title=str(node["title"]),
        kind="epic",
        type="Milestone",
        state="done" if closed else "todo",
        status="Closed" if closed else "Open",
        created=datetime.fromisoformat(node["createdAt"]),
        updated=datetime.fromisoformat(node["updatedAt"]),
        closed_on=_day(node["closedAt"], how) if closed and node.get("closedAt") else None,
        due=due,
        due_from="milestone" if due else None,
        links=_text_links(body, how),
        dod=_dod(body, how),
        raw=node,
    )


def milestone_name(how: Reading, number: int) -> str:
    return f"github://{how.options.site}/{how.repository.lower()}/milestone/{number}"


def _name(how: Reading, repository: str, number: int) -> str:
    return f"github://{how.options.site}/{repository.lower()}#{number}"


def _day(moment: str, how: Reading) -> date:
    return datetime.fromisoformat(moment).astimezone(how.setting.timezone).date()


def _state(node: Mapping[str, Any], values: fields.Values, how: Reading) -> tuple[State, str]:
    """The state and the tracker's word; the mapping may refine open and closed, never swap them."""
    status = values.project.get("status")
    word = str(status or "").casefold()
    if node["state"] == "CLOSED":
        reason = node.get("stateReason") or ""
        shown = str(status or _CLOSED_AS.get(reason, "Closed"))
        mapped = how.states.get(shown.casefold())
        usual: State = "dropped" if reason in _CLOSED_AS else "done"
        return mapped if mapped in ("done", "dropped") else usual, shown
    mapped = how.states.get(word or "open")
    shown = str(status or "Open")
    if mapped in ("todo", "doing"):
        return mapped, shown
    return "doing" if word in how.setting.vocabulary.doing or _is_worked_on(node) else "todo", shown


def _is_worked_on(node: Mapping[str, Any]) -> bool:
    requests = node.get("closedByPullRequestsReferences")
    if not requests or not node["assignees"]["nodes"]:
        return False
    return any(one["state"] == "OPEN" for one in requests["nodes"] if one)


def _kind(node: Mapping[str, Any], labels: tuple[str, ...], epics: Epics) -> Kind:
    named = (node.get("issueType") or {}).get("name")
    words = [label.casefold() for label in labels]
    if epics == "label" and "epic" in words:
        return "epic"
    if epics == "sub-issues" and (node.get("subIssuesSummary") or {}).get("total") and not node.get("parent"):
        return "epic"
    if named:
        return _KINDS.get(named.casefold(), "task")
    return next((kind for word, kind in _KIND_LABELS.items() if word in words), "task")


def _components(labels: tuple[str, ...], how: Reading) -> tuple[str, ...]:
    return tuple(name for label in labels if (name := _component(label, how.setting.components)))


def _component(label: str, named: frozenset[str]) -> str | None:
    folded = label.strip().casefold()
    if folded in named:
        return label.strip()
    for prefix in _COMPONENT_PREFIXES:
        if folded.startswith(prefix):
            return label.strip()[len(prefix) :].strip()
    return None


def _estimate(values: fields.Values, how: Reading) -> float | None:
    mapped = how.options.mapping.fields.estimate
    value = values.first((mapped.casefold(),) if mapped else fields.ESTIMATE_NAMES)
    return float(value) if isinstance(value, int | float) else None


def _due(
    values: fields.Values,
    iteration: fields.Iteration | None,
    milestone: Mapping[str, Any] | None,
    how: Reading,
) -> fields.Dated:
    if day := fields.dated(values, how.options.mapping.fields.due, fields.DUE_NAMES):
        return fields.Dated(day, "field")
    if iteration:
        return fields.Dated(iteration.end, "iteration")
    if milestone and milestone["state"] == "OPEN" and milestone.get("dueOn"):
        return fields.Dated(fields.day_of(milestone["dueOn"]), "milestone")
    return fields.Dated(None, None)


def _start(values: fields.Values, iteration: fields.Iteration | None, how: Reading) -> fields.Dated:
    if day := fields.dated(values, how.options.mapping.fields.start, fields.START_NAMES):
        return fields.Dated(day, "field")
    return fields.Dated(iteration.start, "iteration") if iteration else fields.Dated(None, None)


def _parent(node: Mapping[str, Any], milestone: Mapping[str, Any] | None, how: Reading) -> str | None:
    if parent := node.get("parent"):
        return _name(how, parent["repository"]["nameWithOwner"], parent["number"])
    if milestone and how.epics == "milestone":
        return milestone_name(how, milestone["number"])
    return None


def _links(node: Mapping[str, Any], body: str, how: Reading) -> tuple[tuple[Link, ...], int]:
    """All links, and how many blockers GitHub counts without listing them."""
    blockers = [one for one in (node.get("blockedBy") or {}).get("nodes", ()) if one]
    blocked = [one for one in (node.get("blocking") or {}).get("nodes", ()) if one]
    counted = (node.get("issueDependenciesSummary") or {}).get("totalBlockedBy", 0)
    native = [
        Link(
            "blocked-by",
            _name(how, one["repository"]["nameWithOwner"], one["number"]),
            "native",
            "blocked by",
        )
        for one in blockers
    ]
    native += [
        Link("blocks", _name(how, one["repository"]["nameWithOwner"], one["number"]), "native", "blocking")
        for one in blocked
    ]
    return (*native, *_text_links(body, how)), max(0, counted - len(blockers))


def _text_links(body: str, how: Reading) -> tuple[Link, ...]:
    vocabulary = how.setting.vocabulary
    if not body or not text.may_have_dependencies(body, vocabulary):
        return ()
    return text.find_dependencies(body, vocabulary, how.home)


def _dod(body: str, how: Reading) -> tuple[DodLine, ...]:
    if not body:
        return ()
    folded = body.casefold()
    if not any(name in folded for name in how.setting.vocabulary.dod_names):
        return ()
    return text.dod_section(body, how.setting.vocabulary)
