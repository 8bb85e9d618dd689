"""GitHub's issues into items, as the rulebook reads them. Pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from connectors.github.parse import fields
from connectors.github.parse.classification import components_of, is_duplicate, kind_of, state_of
from connectors.github.parse.context import ParseContext, moment_of
from connectors.github.parse.links import links_of, parent_of
from connectors.github.parse.milestone import parse_milestone
from connectors.github.parse.planning import due_of, estimate_of, start_of
from connectors.item import Rejected, TrackerItem, kept

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
Read = tuple[list[TrackerItem], list[Rejected]]


def parse_all(nodes: Iterable[Any], context: ParseContext, place: str) -> Read:
    """Every node that can be read; a bad record is rejected with a reason and stops nothing.

    One without a name goes by its ``place`` ("acme/web, page 3") and which record it is there.
    """
    return _each(
        nodes,
        lambda node: parse_issue(node, context),
        lambda node, record: _key_of(node, context) or f"{place}, record {record}",
    )


def parse_milestones(nodes: Iterable[Any], repository: str, context: ParseContext) -> Read:
    return _each(
        nodes,
        lambda node: parse_milestone(node, repository, context),
        lambda node, record: (
            f"{repository}/milestone/{number}"
            if (number := _number(node))
            else f"{repository}, milestones, record {record}"
        ),
    )


def _each(nodes: Iterable[Any], parse: Callable[[Any], TrackerItem], name: Callable[[Any, int], str]) -> Read:
    items: list[TrackerItem] = []
    rejected: list[Rejected] = []
    for place, node in enumerate(nodes, 1):
        try:
            items.append(parse(node))
        except UNREADABLE as wrong:
            reason = node.get("unreadable") if isinstance(node, dict) else None
            words = str(reason or f"{type(wrong).__name__} {wrong}")
            record = node.get("record", place) if isinstance(node, dict) else place
            rejected.append(Rejected(name(node, record), f"cannot be read: {words}"[:200]))
    return items, rejected


def _key_of(node: Any, context: ParseContext) -> str | None:
    number = _number(node)
    return f"{context.repository_of(node)}#{number}" if number else None


def _number(node: Any) -> str | None:
    number = node.get("number") if isinstance(node, dict) else None
    return None if number is None else str(number)[:20]


def unmapped_priorities(items: Iterable[TrackerItem]) -> dict[str, list[str]]:
    words = {one.priority_name for one in items if one.priority is None and one.priority_name}
    return {"priority": sorted(words)} if words else {}


def parse_issue(node: Mapping[str, Any], context: ParseContext) -> TrackerItem:
    """A node as ``selection.issue_fields`` asks for it; fields a host lacks may be absent.

    Raises KeyError, TypeError or ValueError when it cannot be read.
    """
    number, repository = int(node["number"]), context.repository_of(node)
    labels = tuple(one["name"] for one in node["labels"]["nodes"] if one)
    values = fields.read_values(node, context.project_id)
    iteration = fields.last_iteration(values, context.today)
    milestone = node.get("milestone")
    state, status = state_of(node, values, context)
    due, start = due_of(values, iteration, milestone, context), start_of(values, iteration, context)
    priority, priority_name = fields.read_priority(values, labels, context.priority)
    body = _text(node, "body")
    links, hidden = links_of(node, body, repository, context)
    people = [one["login"] for one in node["assignees"]["nodes"] if one]
    closed, is_closed = node.get("closedAt"), node["state"] == "CLOSED"
    return TrackerItem(
        native_id=context.native_id(repository, number),
        identity=context.identity(node["id"]),
        name=context.name(repository, number),
        key=f"{repository}#{number}",
        url=node["url"],
        title=_text(node, "title"),
        kind=kind_of(node, labels, context.epics_of(repository)),
        type=(node.get("issueType") or {}).get("name") or "Issue",
        state=state,
        status=status,
        created=moment_of(node["createdAt"]),
        updated=moment_of(node["updatedAt"]),
        closed_on=context.day(closed) if closed and is_closed else None,
        closed_as=node.get("stateReason") if is_closed else None,
        is_duplicate=is_closed and is_duplicate(node),
        priority=priority,
        priority_name=priority_name,
        assignee=people[0] if people else None,
        labels=labels,
        components=components_of(labels, context),
        estimate=estimate_of(values, context),
        start=start.day,
        start_from=start.origin,
        due=due.day,
        due_from=due.origin,
        sprint=iteration.title if iteration else None,
        release=milestone["title"] if milestone else None,
        rank=context.ranks.get(node["id"]),
        parent=parent_of(node, milestone, repository, context),
        links=links,
        dod=context.dod(body),
        hidden_blockers=hidden,
        unread=tuple(node.get("unread", ())),
        raw=kept(node),
    )


def _text(node: Mapping[str, Any], name: str) -> str:
    value = node[name] or ""
    if not isinstance(value, str):
        raise TypeError(f"its {name} is no text")
    return value
