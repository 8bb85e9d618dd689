"""What a reading costs: requests, and time beside other sources."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest

from connectors.contract import Setting
from connectors.jira import Options, connect
from connectors.jira.simulator import DEFAULT_FIELDS, Flavour, JiraSite, issue
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, site_of

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
        begun = time.monotonic()
        await read(url)
        one = time.monotonic() - begun
        begun = time.monotonic()
        await asyncio.gather(*(read(url) for _ in range(10)))
        ten = time.monotonic() - begun
    assert ten < one * 2


async def test_the_next_page_is_fetched_while_one_is_handled(reading: Reading) -> None:
    site = site_of("cloud", 80, page_cap=5, latency=0.1)
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        begun = time.monotonic()
        async for _ in connector.pages(None):
            await asyncio.sleep(0.1)
        assert time.monotonic() - begun < 16 * 0.2 * 0.9
