"""Issues that real teams wrote, recorded from real sites."""

import csv
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import orjson
import pytest

from connectors.contract import Setting
from connectors.jira import Options, connect
from connectors.jira.parse.fields import discover
from connectors.jira.parse.issue import REMOTE_LINKS, IssueReader, Site
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
