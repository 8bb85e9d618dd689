"""Simulated hosts, and what tests ask of a connector that reads them."""

from connectors.github.simulator import GitHubHost, issue

STORES = "acme/stores"


def moment(n):
    """The n-th of moments that rise by the hour."""
    return f"2026-{n // 672 + 1:02d}-{n // 24 % 28 + 1:02d}T{n % 24:02d}:00:00Z"


def issues_of(count, first=1, **more):
    return [
        issue(n, f"Issue {n}", created_at=moment(n), updated_at=moment(n), **more)
        for n in range(first, first + count)
    ]


def host_of(count=3, **more):
    return GitHubHost({STORES: issues_of(count)}, token="t", **more)


async def all_pages(connector, since=None):
    return [page async for page in connector.pages(since)]


async def all_identities(connector):
    return [one async for page in connector.identities() for one in page]


def items(pages):
    """By identity; the newest wins."""
    return {one.identity: one for page in pages for one in page.items}


def native_ids(pages):
    return sorted({one.native_id for page in pages for one in page.items})


def titles(pages):
    return sorted(one.title for page in pages for one in page.items)


def graphql_requests(host):
    return [path for method, path in host.requests if path.endswith("/graphql")]
