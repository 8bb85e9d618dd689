"""How many requests reading costs (a figure a tenth as large says the same per page)."""

from connectors.contract import Page
from connectors.github.client import GitHub
from connectors.github.simulator import Fault, GitHubHost, issue, project, project_values
from tests.connectors.github.hosts import STORES, Opened, all_pages, graphql_requests, native_ids

COUNT = 2_000


async def test_a_first_sync_costs_two_requests_per_hundred_issues_with_a_project_and_few_more(
    opened: Opened,
) -> None:
    """20,000 issues: 200 pages, 200 of the Project's order and a handful, at most 420."""
    stores = [issue(n, f"Issue {n}", project=project_values(order=n)) for n in range(1, COUNT + 1)]
    host = GitHubHost({STORES: stores}, {"acme/12": project("Plan", [STORES])}, token="t")

    async def use(connector: GitHub) -> tuple[list[str], int, int, list[Page]]:
        await connector.probe()
        pages = await all_pages(connector)
        first = connector.requests
        quiet = await all_pages(connector, pages[-1].checkpoint)
        return native_ids(pages), first, connector.requests - first, quiet

    read, first, delta, quiet = await opened(host, use, project="acme/12")
    assert len(read) == COUNT
    assert first <= 2 * COUNT // 100 + 20
    assert delta <= 2
    assert sum(len(page.items) for page in quiet) == 0
    assert len(graphql_requests(host)) == first + delta


async def test_a_burst_of_announced_issues_is_read_in_batches(opened: Opened) -> None:
    host = GitHubHost({STORES: [issue(n, f"Issue {n}") for n in range(1, 1_001)]}, token="t")

    async def use(connector: GitHub) -> tuple[int, int]:
        await connector.probe()
        before = connector.requests
        page = await connector.read([str(n) for n in range(1, 1_001)])
        return len(page.items), connector.requests - before

    assert await opened(host, use) == (1_000, 20)


async def test_a_batch_that_is_too_heavy_is_read_in_smaller_ones(opened: Opened) -> None:
    host = GitHubHost({STORES: [issue(n, f"Issue {n}") for n in range(1, 61)]}, token="t")

    async def use(connector: GitHub) -> int:
        await connector.probe()
        host.faults.append(Fault("status", 502))
        return len((await connector.read([str(n) for n in range(1, 61)])).items)

    assert await opened(host, use) == 60
