"""Milestones that serve as epics. Pure."""

from collections.abc import Mapping
from typing import Any

from connectors.github import fields
from connectors.github.reading import Reading, moment_of
from connectors.item import TrackerItem, kept


def milestone_name(how: Reading, repository: str, number: int) -> str:
    return f"github://{how.site}/{repository.lower()}/milestone/{number}"


def parse_milestone(node: Mapping[str, Any], repository: str, how: Reading) -> TrackerItem:
    """Raises KeyError, TypeError or ValueError when it cannot be read."""
    body = node.get("description") or ""
    number, closed = int(node["number"]), node["state"] == "CLOSED"
    due = fields.day_of(node["dueOn"]) if node.get("dueOn") else None
    return TrackerItem(
        native_id=how.native_id(repository, f"milestone-{number}"),
        identity=how.identity(node["id"]),
        name=milestone_name(how, repository, number),
        key=f"{repository}/milestone/{number}",
        url=node["url"],
        title=str(node["title"]),
        kind="epic",
        type="Milestone",
        state="done" if closed else "todo",
        status="Closed" if closed else "Open",
        created=moment_of(node["createdAt"]),
        updated=moment_of(node["updatedAt"]),
        closed_on=how.day(node["closedAt"]) if closed and node.get("closedAt") else None,
        due=due,
        due_from="milestone" if due else None,
        links=how.text_links(body, repository),
        dod=how.dod(body),
        raw=kept(node),
    )
