"""Sites to read, and what is read of them."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.contract import Checkpoint, Page
from connectors.jira.client import JiraConnector
from connectors.jira.simulator import Flavour, JiraSite, issue

Reading = Callable[..., AbstractAsyncContextManager[JiraConnector]]
FLAVOURS: list[Flavour] = ["cloud", "datacenter"]


def site_of(flavour: Flavour, count: int = 3, **more: Any) -> JiraSite:
    """ONL-1 to ONL-count, three a minute from 2026-03-01 09:00 UTC, and one issue of another project."""
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    issues = [
        issue(f"ONL-{number}", f"Issue {number}", flavour, created=start + timedelta(minutes=number // 3))
        for number in range(1, count + 1)
    ]
    other = issue("STO-1", "Another project's", flavour)
    return JiraSite(flavour, {"ONL": "Online", "STO": "Stores"}, [*issues, other], **more)


async def everything(connector: JiraConnector, since: Checkpoint | None = None) -> list[Page]:
    return [page async for page in connector.pages(since)]


def keys(pages: list[Page]) -> list[str]:
    return [item.key for page in pages for item in page.items]


def searches(site: JiraSite) -> list[str]:
    """The query strings of its searches."""
    return [query for _, path, query in site.requests if "/search" in path and "count" not in path]


def id_of(site: JiraSite, key: str) -> str:
    found = site.find(key)
    assert found is not None
    return str(found["id"])


class Clock:
    """A site's clock that a test sets."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **delta: float) -> None:
        self.now += timedelta(**delta)
