"""6,686 issues that real teams wrote, from their tracker over HTTP to the API's answers.

Every expected figure is counted from the file by tests/support/counted.py, without attune's code.
"""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from service.cli.client import Client, client
from service.flow.context import Context
from tests.support import counted
from tests.support.titanium import PROJECTS, reading

TODAY = date(2021, 6, 1)  # in the data's own time: its last change is of May 2021
SCOPE_ALL = {
    "dependency-dropped": {"scope": "all"},
    "dependency-date": {"scope": "all"},
    "dependency-overdue": {"scope": "all"},
    "dependency-unplanned": {"scope": "all"},
    "dependency-unstarted": {"scope": "all"},
}
LIBRARIES = {"titaniumlib", "androidlib", "ioslib", "windowslib", "jdklib"}


@pytest.fixture
def path(shared: Path) -> Path:
    return shared / "data/jira/titanium-issues.jsonl.gz"


async def everything(api: Client, where: str, **asked: Any) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await api.get(where, {"limit": 500, **asked, **cursor})
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


@asynccontextmanager
async def read_real(tmp_path: Path, path: Path, **product: Any) -> AsyncIterator[tuple[Context, Client]]:
    clock = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC).timestamp
    async with (
        reading(path, f"sqlite:///{tmp_path}/attune.db", clock, **product) as context,
        client(context) as api,
    ):
        yield context, api


async def test_every_issue_is_stored_with_its_team_and_state_and_none_is_rejected(
    tmp_path: Path, path: Path
) -> None:
    async with read_real(tmp_path, path) as (_, api):
        stored = await everything(api, "/v1/backlog", state="any")
        sources = (await api.get("/v1/sources"))["items"]
    expected = counted.states(counted.issues(path))
    assert Counter((one["team"].upper(), one["state"]) for one in stored) == expected
    assert {one["key"]: one["rejected_count"] for one in sources} == dict.fromkeys(
        (key.lower() for key in PROJECTS), 0
    )


async def test_dependencies_are_those_counted_and_none_crosses_the_four_projects(
    tmp_path: Path, path: Path
) -> None:
    async with read_real(tmp_path, path) as (_, api):
        stored = await everything(api, "/v1/dependencies")
        items = await everything(api, "/v1/backlog", state="any")
        conflicts = await everything(api, "/v1/conflicts")
    keys = {one["id"]: one["key"] for one in items}
    native = {(keys[one["blocker"]], keys[one["dependent"]]) for one in stored if "native" in one["origins"]}
    assert native == counted.edges(path)
    assert [one for one in stored if one["cross_team"]] == []
    assert {one["kind"] for one in conflicts} == {"mirror-drift", "ownership-gap"}


async def test_copies_that_differ_and_components_without_an_owner_are_those_counted(
    tmp_path: Path, path: Path
) -> None:
    async with read_real(tmp_path, path) as (_, api):
        conflicts = await everything(api, "/v1/conflicts")
    known = counted.issues(path)
    drifting = [one["items"] for one in conflicts if one["kind"] == "mirror-drift"]
    unowned = [one["facts"]["component"] for one in conflicts if one["kind"] == "ownership-gap"]
    assert {frozenset(item["key"] for item in pair) for pair in drifting} == counted.drifting_mirrors(
        path, known
    )
    assert {name.casefold() for name in unowned} == counted.shared_components(known)
    assert len(drifting) == len(unowned) == 2


async def test_within_the_teams_the_edge_rules_report_what_was_counted(tmp_path: Path, path: Path) -> None:
    async with read_real(tmp_path, path, rules=SCOPE_ALL) as (_, api):
        conflicts = await everything(api, "/v1/conflicts")
    expected = counted.edge_findings(counted.issues(path), counted.edges(path), TODAY)
    found: dict[str, set[tuple[str, ...]]] = {}
    for one in conflicts:
        if one["kind"] in SCOPE_ALL:
            found.setdefault(one["kind"], set()).add(_ends(one))
    assert found == expected
    assert set(expected) == {"dependency-dropped", "dependency-overdue", "dependency-unplanned"}


async def test_split_by_component_the_libraries_team_holds_up_what_is_urgent_elsewhere(
    tmp_path: Path, path: Path
) -> None:
    route = [{"when": {"component": name}, "team": "libraries"} for name in sorted(LIBRARIES)]
    async with read_real(tmp_path, path, route={"DAEMON": [*route, {"team": "daemon"}]}) as (_, api):
        conflicts = await everything(api, "/v1/conflicts", kind="priority-inversion")
        crossing = await everything(api, "/v1/dependencies", cross_team=True)
        items = await everything(api, "/v1/backlog", state="any")
    known, edges = counted.issues(path), counted.edges(path)
    team = {key: _team(one) for key, one in known.items()}
    keys = {one["id"]: one["key"] for one in items}
    assert {(keys[one["blocker"]], keys[one["dependent"]]) for one in crossing} == {
        pair for pair in edges if team[pair[0]] != team[pair[1]]
    }
    assert {_role(one, "blocker") for one in conflicts} == counted.inversions(known, edges, team)
    assert "DAEMON-20" in {_role(one, "blocker") for one in conflicts}


def _team(issue: counted.Issue) -> str:
    project = issue.key.partition("-")[0]
    return "libraries" if project == "DAEMON" and issue.components & LIBRARIES else project.lower()


def _ends(conflict: dict[str, Any]) -> tuple[str, ...]:
    return (_role(conflict, "blocker"), _role(conflict, "dependent"))


def _role(conflict: dict[str, Any], role: str) -> str:
    return next(one["key"] for one in conflict["items"] if one["role"] == role)
