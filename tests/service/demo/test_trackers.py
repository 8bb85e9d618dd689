from collections.abc import Iterator, Mapping
from datetime import date

import httpx
import pytest

from service.demo.demonstration import trackers


@pytest.fixture(scope="module")
def environment() -> Iterator[Mapping[str, str]]:
    with trackers(date(2028, 2, 29)) as found:
        yield found


def test_online_answers_as_jira_cloud(environment: Mapping[str, str]) -> None:
    answer = httpx.get(
        environment["DEMO_ONLINE_URL"] + "/rest/api/2/search/jql",
        params={"jql": "project = ONL ORDER BY key", "maxResults": 100, "fields": "summary,issuelinks"},
        auth=(environment["DEMO_ONLINE_EMAIL"], environment["DEMO_ONLINE_TOKEN"]),
    ).json()
    assert len(answer["issues"]) == 82
    assert answer["isLast"]


def test_back_office_answers_as_jira_data_center_in_dutch(environment: Mapping[str, str]) -> None:
    answer = httpx.get(
        environment["DEMO_BACKOFFICE_URL"] + "/rest/api/2/search",
        params={"jql": "project = BO", "maxResults": 100},
        headers={"Authorization": f"Bearer {environment['DEMO_BACKOFFICE_TOKEN']}"},
    ).json()
    assert answer["total"] == 74
    assert {issue["fields"]["status"]["name"] for issue in answer["issues"]} >= {"Te doen", "Gereed"}


@pytest.mark.parametrize(("repository", "count"), [("stores", 69), ("data", 50)])
def test_github_answers_for_both_repositories(
    environment: Mapping[str, str], repository: str, count: int
) -> None:
    answer = httpx.get(
        f"{environment['DEMO_GITHUB_URL']}/repos/veldhuis/{repository}/issues",
        params={"state": "all", "per_page": 100},
        headers={"Authorization": f"Bearer {environment['DEMO_GITHUB_TOKEN']}"},
    ).json()
    assert len(answer) == count


def test_nobody_reads_the_trackers_without_their_token(environment: Mapping[str, str]) -> None:
    assert httpx.get(environment["DEMO_BACKOFFICE_URL"] + "/rest/api/2/myself").status_code == 401
    assert httpx.get(environment["DEMO_GITHUB_URL"] + "/repos/veldhuis/data/issues").status_code == 401
