"""What a reading costs: requests, and what goes on beside them."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from connectors.contract import Setting
from connectors.jira import Options, connect
from connectors.jira.simulator import DEFAULT_FIELDS, Flavour, JiraSite, issue
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, searches, site_of

MANY = 20_000


@pytest.mark.parametrize("flavour", FLAVOURS)
async def test_a_first_sync_of_20_000_issues_costs_at_most_220_requests(
    reading: Reading, flavour: Flavour
) -> None:
    """At its dearest: every issue changed of late, and a field's name stands twice."""
    start = datetime.now(UTC) - timedelta(days=80)
    plain = issue("ONL-1", "One of many", flavour)
    issues = [
        {
            "key": f"ONL-{one}",
            "fields": {**plain["fields"], "created": _at(start, one), "updated": _at(start, one)},
        }
        for one in range(1, MANY + 1)
    ]
    twin = {**next(one for one in DEFAULT_FIELDS if one["name"] == "Story Points"), "id": "customfield_2"}
    site = JiraSite(flavour, {"ONL": "Online"}, issues, fields=[*DEFAULT_FIELDS, twin])
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        pages = await everything(connector)
        assert len({item.identity for page in pages for item in page.items}) == MANY
        assert connector.requests <= 220
        before = connector.requests
        await everything(connector, pages[-1].checkpoint)
        assert connector.requests - before <= 2


def _at(start: datetime, number: int) -> str:
    return (start + timedelta(minutes=5 * number)).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


async def test_sources_are_read_side_by_side(
    setting: Setting,
    options: Callable[..., Options],
    serve: Callable[[JiraSite], AbstractContextManager[str]],
) -> None:
    site = site_of("cloud", 60, page_cap=10, latency=0.15)

    async def read(url: str) -> None:
        connector = connect(options(url=url, remote_links="never"), setting)
        assert len([item for page in await everything(connector) for item in page.items]) == 60
        await connector.close()

    with serve(site) as url:
        await read(url)
        alone = site.most_waiting
        await asyncio.gather(*(read(url) for _ in range(10)))
    assert site.most_waiting > alone


async def test_the_next_page_is_fetched_while_one_is_handled(reading: Reading) -> None:
    site = site_of("cloud", 80, page_cap=5)
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        handled = 0
        async for page in connector.pages(None):
            handled += len(page.items)
            async with asyncio.timeout(30):  # for ever if the next page were asked for only afterwards
                while handled < 80 and len(searches(site)) <= handled // 5:  # noqa: ASYNC110 - served by a thread
                    await asyncio.sleep(0.01)
    assert handled == 80
