"""6,686 issues that real teams wrote, from their tracker over HTTP to the API's answers.

Every expected figure is counted from the file by tests/support/counted.py, without attune's code.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from service.cli.client import Client, client
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
Answer = dict[str, Any]
LIBRARIES = {"titaniumlib", "androidlib", "ioslib", "windowslib", "jdklib"}


async def everything(api: Client, where: str, **asked: Any) -> list[Answer]:
    """All pages of a list."""
    found: list[Answer] = []
    cursor: dict[str, str] = {}
    while True:
        page = await api.get(where, {"limit": 500, **asked, **cursor})
        found += page["items"]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


@dataclass(frozen=True)
class Answers:
    """All pages of what the API says once everything is read."""

    items: list[Answer]
    dependencies: list[Answer]
    conflicts: list[Answer]
    sources: list[Answer]

    @property
    def keys(self) -> dict[str, str]:
        return {one["id"]: one["key"] for one in self.items}

    def found(self, kind: str) -> list[Answer]:
        return [one for one in self.conflicts if one["kind"] == kind]


def answers(path: Path, **product: Any) -> Answers:
    noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC).timestamp

    async def ask() -> Answers:
        with TemporaryDirectory() as folder:
            async with (
                reading(path, f"sqlite:///{folder}/attune.db", noon, **product) as context,
                client(context) as api,
            ):
                return Answers(
                    items=await everything(api, "/v1/backlog", state="any"),
                    dependencies=await everything(api, "/v1/dependencies"),
                    conflicts=await everything(api, "/v1/conflicts"),
                    sources=(await api.get("/v1/sources"))["items"],
                )

    return asyncio.run(ask())


@pytest.fixture(scope="module")
def path(shared: Path) -> Path:
    return shared / "data/jira/titanium-issues.jsonl.gz"


@pytest.fixture(scope="module")
def issues(path: Path) -> dict[str, counted.Issue]:
    return counted.issues(path)


@pytest.fixture(scope="module")
def by_project(path: Path) -> Answers:
    """Each project is a team, and every rule is as it comes."""
    return answers(path)


@pytest.fixture(scope="module")
def by_component(path: Path) -> Answers:
    """Daemon's libraries are a team of their own, and edge rules look into the teams too."""
    route = [{"when": {"component": name}, "team": "libraries"} for name in sorted(LIBRARIES)]
    return answers(path, rules=SCOPE_ALL, route={"DAEMON": [*route, {"team": "daemon"}]})


def test_every_issue_is_stored_with_its_team_and_state_and_none_is_rejected(
    by_project: Answers, issues: dict[str, counted.Issue]
) -> None:
    stored = Counter((one["team"].upper(), one["state"]) for one in by_project.items)
    assert stored == counted.states(issues)
    assert {one["key"]: one["rejected_count"] for one in by_project.sources} == dict.fromkeys(
        (key.lower() for key in PROJECTS), 0
    )


def test_dependencies_are_those_counted_and_none_crosses_the_four_projects(
    by_project: Answers, path: Path
) -> None:
    keys = by_project.keys
    native = {
        (keys[one["blocker"]], keys[one["dependent"]])
        for one in by_project.dependencies
        if "native" in one["origins"]
    }
    assert native == counted.edges(path)
    assert [one for one in by_project.dependencies if one["cross_team"]] == []
    assert {one["kind"] for one in by_project.conflicts} == {"mirror-drift", "ownership-gap"}


def test_copies_that_differ_and_components_without_an_owner_are_those_counted(
    by_project: Answers, path: Path, issues: dict[str, counted.Issue]
) -> None:
    drifting = {frozenset(item["key"] for item in one["items"]) for one in by_project.found("mirror-drift")}
    unowned = {one["facts"]["component"].casefold() for one in by_project.found("ownership-gap")}
    assert drifting == counted.drifting_mirrors(path, issues)
    assert unowned == counted.shared_components(issues)
    assert (len(drifting), len(unowned)) == (1, 2)


def test_within_the_teams_too_the_edge_rules_report_what_was_counted(
    by_component: Answers, path: Path, issues: dict[str, counted.Issue]
) -> None:
    expected = counted.dependency_findings(issues, counted.edges(path), TODAY)
    found = {
        rule: {(_role(one, "blocker"), _role(one, "dependent")) for one in by_component.found(rule)}
        for rule in SCOPE_ALL
    }
    assert {rule: pairs for rule, pairs in found.items() if pairs} == expected
    assert set(expected) == {"dependency-dropped", "dependency-overdue", "dependency-unplanned"}


def test_the_libraries_team_holds_up_what_is_urgent_elsewhere(
    by_component: Answers, path: Path, issues: dict[str, counted.Issue]
) -> None:
    edges, keys = counted.edges(path), by_component.keys
    team = {key: _team(one) for key, one in issues.items()}
    crossing = {
        (keys[one["blocker"]], keys[one["dependent"]])
        for one in by_component.dependencies
        if one["cross_team"]
    }
    inverted = {_role(one, "blocker") for one in by_component.found("priority-inversion")}
    assert crossing == {pair for pair in edges if team[pair[0]] != team[pair[1]]}
    assert inverted == counted.inversions(issues, edges, team)
    assert "DAEMON-20" in inverted


def _team(issue: counted.Issue) -> str:
    project = issue.key.partition("-")[0]
    return "libraries" if project == "DAEMON" and issue.components & LIBRARIES else project.lower()


def _role(conflict: dict[str, Any], role: str) -> str:
    return str(next(one["key"] for one in conflict["items"] if one["role"] == role))
