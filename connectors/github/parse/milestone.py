"""Milestones that serve as epics. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.github.parse import fields
from connectors.github.parse.context import ParseContext, moment_of
from connectors.item import TrackerItem, kept


def milestone_name(context: ParseContext, repository: str, number: int) -> str:
    return f"github://{context.site}/{repository.lower()}/milestone/{number}"


def parse_milestone(node: Mapping[str, Any], repository: str, context: ParseContext) -> TrackerItem:
    """Raises KeyError, TypeError or ValueError when it cannot be read."""
    body = node.get("description") or ""
    number, closed = int(node["number"]), node["state"] == "CLOSED"
    due = fields.day_of(node["dueOn"]) if node.get("dueOn") else None
    return TrackerItem(
        native_id=context.native_id(repository, f"milestone-{number}"),
        identity=context.identity(node["id"]),
        name=milestone_name(context, repository, number),
        key=f"{repository}/milestone/{number}",
        url=node["url"],
        title=str(node["title"]),
        kind="epic",
        type="Milestone",
        state="done" if closed else "todo",
        status="Closed" if closed else "Open",
        created=moment_of(node["createdAt"]),
        updated=moment_of(node["updatedAt"]),
        closed_on=context.day(node["closedAt"]) if closed and node.get("closedAt") else None,
        due=due,
        due_from="milestone" if due else None,
        links=context.text_links(body, repository),
        dod=context.dod(body),
        raw=kept(node),
    )
