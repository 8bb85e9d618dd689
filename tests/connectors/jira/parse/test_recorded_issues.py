"""Issues that real teams wrote, recorded from real sites."""

import csv
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from connectors.contract import Setting
from connectors.jira import Options, connect
from connectors.jira.parse.closing import Statuses, find_closing
from connectors.jira.parse.fields import discover
from connectors.jira.parse.issue import REMOTE_LINKS, IssueReader, Site
from connectors.jira.parse.kind import read_kind
from connectors.jira.parse.values import moment
from connectors.jira.simulator import DEFAULT_FIELDS, JiraSite
from tests.support import titanium


@pytest.fixture
def reader(setting: Setting, options: Callable[..., Options]) -> IssueReader:
    made = options(include_restricted=True)
    fields = discover(DEFAULT_FIELDS, made.mapping.fields, setting.vocabulary.dod_names, "1").fields
    return IssueReader(made, setting, fields, Site("merico.example", "https://merico.example/browse/"))


def recorded(path: Path) -> list[dict[str, Any]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return [orjson.loads(row["data"]) for row in csv.DictReader(rows)]


@pytest.mark.parametrize("name", ["_raw_jira_api_issues.csv", "_raw_jira_api_issues_for_due_date.csv"])
def test_every_recorded_issue_is_read(shared: Path, reader: IssueReader, name: str) -> None:
    issues = recorded(shared / "data/jira" / name)
    parsed = reader.parse_page(issues)
    assert parsed.rejected == []
    assert [one.key for one in parsed.items] == [one["key"] for one in issues]


def test_recorded_remote_links_lead_to_no_issue(shared: Path, reader: IssueReader) -> None:
    links = recorded(shared / "data/jira/_raw_jira_api_remotelinks.csv")
    told = {**recorded(shared / "data/jira/_raw_jira_api_issues.csv")[0], REMOTE_LINKS: links}
    assert [one for one in reader.parse_issue(told).links if one.origin == "remote"] == []


def test_recorded_types_in_another_language_are_told_by_name_alone(shared: Path) -> None:
    types = recorded(shared / "data/jira/_raw_jira_api_issue_types.csv")
    kinds = {one["name"]: read_kind({"issuetype": {"name": one["name"]}}, ()) for one in types}
    assert kinds == {
        "故事": "story",
        "子任务": "subtask",
        "缺陷": "bug",
        "任务": "task",
        "Test Execution": "task",
        "Epic": "epic",
        "Story": "story",
    }


def test_the_history_tells_the_same_closed_day_as_jira_itself(shared: Path, reader: IssueReader) -> None:
    """Jira Cloud writes when a status's category changed; Data Center does not."""
    statuses = Statuses(recorded(shared / "data/jira/_raw_jira_api_status.csv"))
    compared = 0
    for issue in recorded(shared / "data/jira/_raw_jira_api_issues.csv"):
        fields = issue["fields"]
        if fields["status"]["statusCategory"]["key"] != "done":
            continue
        at = find_closing(issue["changelog"]["histories"], statuses, reader.states.is_closed)
        if at is not None:
            compared += 1
            assert abs(at - moment(fields["statuscategorychangedate"])) < timedelta(seconds=5), issue["key"]
    assert compared > 10


async def test_four_real_projects_are_read_over_http(
    shared: Path,
    setting: Setting,
    options: Callable[..., Options],
    serve: Callable[[JiraSite], AbstractContextManager[str]],
) -> None:
    path = shared / "data/jira/titanium-issues.jsonl.gz"
    written = Counter(one["key"].partition("-")[0] for one in titanium.load(path))
    read: Counter[str] = Counter()
    with serve(titanium.site(path)) as url:
        for project in titanium.PROJECTS:
            connector = connect(options(url=url, project=project, remote_links="never"), setting)
            async for page in connector.pages(None):
                assert list(page.rejected) == []
                read[project] += len({one.native_id for one in page.items})
            await connector.close()
    assert read == written
    assert read.total() == 6686
