"""What others read in the same way: ``python -m tests.bench.peers NAME PORT``; prints JSON.

``jira`` and ``pygithub`` page through the issues as their own objects and store nothing; ``dlt``
loads the same pages of plain JSON into SQLite.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from tests.bench.memory import largest_memory
from tests.bench.tracker import EMAIL, TOKEN


def jira_objects(port: int) -> int:
    from jira import JIRA

    client = JIRA(f"http://127.0.0.1:{port}", basic_auth=(EMAIL, TOKEN), max_retries=0)
    count, token = 0, None
    while True:
        page = client.enhanced_search_issues(
            "project = ONL ORDER BY created ASC", fields="*all", maxResults=100, nextPageToken=token
        )
        count += len([(issue.key, issue.fields.summary) for issue in page])
        token = page.nextPageToken
        if not token:
            return count


def pygithub_objects(port: int) -> int:
    from github import Auth, Github

    client = Github(
        base_url=f"http://127.0.0.1:{port}/api/v3",
        auth=Auth.Token(TOKEN),
        per_page=100,
        seconds_between_requests=0,  # its own brake off
    )
    issues = client.get_repo("acme/web").get_issues(state="all", sort="created", direction="asc")
    return len([(issue.number, issue.title) for issue in issues])


def dlt_jira(port: int) -> int:
    return _load(_jira_pages(port))


def dlt_github(port: int) -> int:
    return _load(_github_pages(port))


def _load(pages: Iterator[list[dict[str, Any]]]) -> int:
    import dlt

    with tempfile.TemporaryDirectory() as folder:
        os.environ["DLT_DATA_DIR"] = os.environ["DLT_PROJECT_DIR"] = folder
        os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
        pipeline = dlt.pipeline(
            "bench",
            destination=dlt.destinations.sqlalchemy(f"sqlite:///{folder}/dlt.db"),
            dataset_name="main",
        )
        issues = dlt.resource(pages, name="issues", primary_key="id", max_table_nesting=0)
        pipeline.run(issues, write_disposition="merge")
        with pipeline.sql_client() as client:
            return int(client.execute_sql("SELECT count(*) FROM issues")[0][0])


def _jira_pages(port: int) -> Iterator[list[dict[str, Any]]]:
    import httpx

    with httpx.Client(base_url=f"http://127.0.0.1:{port}", auth=(EMAIL, TOKEN)) as client:
        asked = {"jql": "project = ONL ORDER BY created ASC", "fields": "*all", "maxResults": "100"}
        while True:
            answer = client.get("/rest/api/2/search/jql", params=asked).json()
            yield answer["issues"]
            if not answer.get("nextPageToken"):
                return
            asked["nextPageToken"] = answer["nextPageToken"]


def _github_pages(port: int) -> Iterator[list[dict[str, Any]]]:
    import httpx

    url: str | None = "/repos/acme/web/issues?state=all&per_page=100&sort=created&direction=asc"
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v3", headers=headers) as client:
        while url:
            answer = client.get(url)
            yield answer.json()
            url = answer.links.get("next", {}).get("url")


PEERS: dict[str, Callable[[int], int]] = {
    "jira": jira_objects,
    "pygithub": pygithub_objects,
    "dlt-jira": dlt_jira,
    "dlt-github": dlt_github,
}

if __name__ == "__main__":
    begun = time.perf_counter()
    count = PEERS[sys.argv[1]](int(sys.argv[2]))
    took = time.perf_counter() - begun
    memory = largest_memory()
    print(json.dumps({"items": count, "seconds": took, "megabytes": memory}))
