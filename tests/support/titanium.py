"""Real issues of four related Jira projects, as the Data Center they come from would serve them.

The file was written by the agile API: its ``sprint``, ``closedSprints`` and ``epic`` become the
custom fields in which a plain search gives them.
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from connectors.jira.simulator import JiraSite
from connectors.jira.simulator import fields as known

PROJECTS = {
    "AC": "Appcelerator - INBOX",
    "ALOY": "Alloy",
    "MOD": "Appcelerator Modules",
    "DAEMON": "Appc Daemon",
}
_LONE_BACKSLASH = re.compile(rb'\\(?:(["\\/bfnrt]|u[0-9a-fA-F]{4})|)')


def load(path: Path) -> Iterator[dict[str, Any]]:
    """Every issue as written. Some lines hold a backslash that escapes nothing; it is doubled."""
    with gzip.open(path) as lines:
        for line in lines:
            yield orjson.loads(_LONE_BACKSLASH.sub(_doubled, line))


def _doubled(found: re.Match[bytes]) -> bytes:
    return found[0] if found[1] else b"\\\\"


def native(issue: dict[str, Any]) -> dict[str, Any]:
    """The issue with its sprints and epic in custom fields, every field present as Jira has it."""
    fields = {**_EMPTY, **issue["fields"]}
    current, closed, epic = (fields.pop(one) for one in ("sprint", "closedSprints", "epic"))
    sprints = [*(closed or ()), *([current] if current else ())]
    fields[known.SPRINT] = [_written(one) for one in sprints] or None
    fields[known.EPIC_LINK] = epic["key"] if epic else None
    return {"id": issue["id"], "key": issue["key"], "fields": fields}


_EMPTY: dict[str, Any] = {
    "summary": None, "description": None, "fixVersions": [], "priority": None,
    "sprint": None, "closedSprints": None, "epic": None,
}  # fmt: skip


def _written(sprint: dict[str, Any]) -> str:
    """As Data Center writes the Java object."""
    dates = ",".join(
        f"{one}={sprint.get(one) or '<null>'}" for one in ("startDate", "endDate", "completeDate")
    )
    return (
        f"com.atlassian.greenhopper.service.sprint.Sprint@1bf75fd[id={sprint['id']},"
        f"rapidViewId={sprint.get('originBoardId') or '<null>'},state={sprint['state'].upper()},"
        f"name={sprint['name']},{dates},sequence={sprint['id']},goal=]"
    )


def site(path: Path, **more: Any) -> JiraSite:
    """The four projects; ``more`` are fields of JiraSite."""
    return JiraSite("datacenter", PROJECTS, (native(one) for one in load(path)), **more)
