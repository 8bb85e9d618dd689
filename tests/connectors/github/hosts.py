"""Simulated hosts, and what tests ask of a connector that reads them."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, Protocol, TypeVar

from connectors.contract import Checkpoint, Page
from connectors.github import Options
from connectors.github.client import GitHub
from connectors.github.simulator import GitHubHost, issue
from connectors.item import TrackerItem

STORES = "acme/stores"
Result = TypeVar("Result")
MakeOptions = Callable[..., Options]
Serve = Callable[[GitHubHost], AbstractContextManager[str]]
Use = Callable[[GitHub], Awaitable[object]]


class Opened(Protocol):
    """``use(connector)`` against a host; keywords change the source's options."""

    async def __call__(
        self, host: GitHubHost, use: Callable[[GitHub], Awaitable[Result]], **more: Any
    ) -> Result: ...


def moment(n: int) -> str:
    """The n-th of moments that rise by the hour."""
    return f"2026-{n // 672 + 1:02d}-{n // 24 % 28 + 1:02d}T{n % 24:02d}:00:00Z"


def issues_of(count: int, first: int = 1, **more: Any) -> list[dict[str, Any]]:
    return [
        issue(n, f"Issue {n}", created_at=moment(n), updated_at=moment(n), **more)
        for n in range(first, first + count)
    ]


def host_of(count: int = 3, **more: Any) -> GitHubHost:
    return GitHubHost({STORES: issues_of(count)}, token="t", **more)


async def all_pages(connector: GitHub, since: Checkpoint | None = None) -> list[Page]:
    return [page async for page in connector.pages(since)]


async def all_identities(connector: GitHub) -> list[str]:
    return [one async for page in connector.identities() for one in page]


def items(pages: Iterable[Page]) -> dict[str, TrackerItem]:
    """By identity; the newest wins."""
    return {one.identity: one for page in pages for one in page.items}


def native_ids(pages: Iterable[Page]) -> list[str]:
    return sorted({one.native_id for page in pages for one in page.items})


def titles(pages: Iterable[Page]) -> list[str]:
    return sorted(one.title for page in pages for one in page.items)


def graphql_requests(host: GitHubHost) -> list[str]:
    return [path for method, path in host.requests if path.endswith("/graphql")]
