"""An issue's history as GitHub's timeline events."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.github.simulator.graphql.connections import Node, page_info
from connectors.github.simulator.host import GitHubHost
from connectors.github.simulator.native import node_id


def timeline(
    host: GitHubHost,
    one: Mapping[str, Any],
    last: int = 100,
    itemTypes: Sequence[str] = (),  # noqa: N803 - GitHub's
    **_: Any,
) -> Node:
    found = [_event(host, one, place, each) for place, each in enumerate(one["history"])]
    found = [each for each in found if not itemTypes or _kind(each["__typename"]) in itemTypes]
    return {"totalCount": len(found), "nodes": found[-last:], "pageInfo": page_info(False, None)}


def _kind(name: str) -> str:
    """MilestonedEvent → MILESTONED_EVENT, ProjectV2ItemStatusChangedEvent → PROJECT_V2_ITEM_…"""
    return (
        re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.replace("ProjectV2", "Project_V2_"))
        .upper()
        .replace("__", "_")
    )


def _event(host: GitHubHost, one: Mapping[str, Any], place: int, told: Mapping[str, Any]) -> Node:
    """``project`` (owner/number), ``assignee``, ``label`` and ``issueField`` are told by name."""
    shown = {key: value for key, value in told.items() if key != "by"}
    shown["id"] = f"EV_{node_id(one)}_{place}"
    shown["actor"] = _user(told["by"]) if told["by"] else None
    if "assignee" in told:
        shown["assignee"] = _user(told["assignee"])
    if "label" in told:
        shown["label"] = {"id": f"LA_{told['label']}", "name": told["label"]}
    if "project" in told:
        shown["project"] = {"id": f"PVT_{told['project'].replace('/', '_')}"}
    if "issueField" in told:
        shown["issueField"] = {"__typename": "IssueFieldDate", "id": "IF", "name": told["issueField"]}
    return shown


def _user(login: str) -> Node:
    return {"__typename": "User", "id": f"U_{login}", "login": login}
