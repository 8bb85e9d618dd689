"""GitHub's limits and our own (faults 1 and 2), over a real socket."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connectors.contract import SourceError
from connectors.github.client import GitHub
from connectors.github.simulator import Fault, GitHubHost
from tests.connectors.github.hosts import STORES, Opened, Use, all_pages, host_of, issues_of


async def failure(
    opened: Opened, host: GitHubHost, use: Use = lambda connector: connector.probe(), **more: Any
) -> SourceError:
    with pytest.raises(SourceError) as raised:
        await opened(host, use, **more)
    return raised.value


@pytest.mark.parametrize(
    ("fault", "least", "most"),
    [
        (Fault("status", 429, headers={"retry-after": "90"}), 90, 90),
        (Fault("status", 403, headers={"retry-after": "120"}), 120, 120),
        (Fault("status", 403, message="You have exceeded a secondary rate limit"), 60, 60),
        (Fault("limited"), 60, 60),
        (Fault("limited", headers={"retry-after": "45"}), 45, 45),
    ],
)
async def test_a_limit_says_when_to_come_back(opened: Opened, fault: Fault, least: int, most: int) -> None:
    host = host_of()
    host.faults.append(fault)
    error = await failure(opened, host)
    assert error.reason == "limited"
    assert least <= (error.retry_after or 0) <= most
    assert len(host.requests) == 1


@pytest.mark.parametrize("form", ["retry-after", "x-ratelimit-reset"])
async def test_a_limit_may_name_a_moment(opened: Opened, form: str) -> None:
    then = datetime.now(UTC) + timedelta(seconds=300)
    headers = (
        {"retry-after": format_datetime(then, usegmt=True)}
        if form == "retry-after"
        else {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(then.timestamp()))}
    )
    host = host_of()
    host.faults.append(Fault("status", 403, headers=headers))
    error = await failure(opened, host)
    assert (error.reason, round((error.retry_after or 0) / 10)) == ("limited", 30)


async def test_secondary_limits_in_a_row_wait_longer_each_time(opened: Opened) -> None:
    host = host_of()
    host.faults.extend([Fault("status", 403, message="secondary rate limit")] * 3)

    async def use(connector: GitHub) -> list[float | None]:
        waits = []
        for _ in range(3):
            with pytest.raises(SourceError) as raised:
                await connector.probe()
            waits.append(raised.value.retry_after)
        await connector.probe()
        host.faults.append(Fault("status", 403, message="secondary rate limit"))
        with pytest.raises(SourceError) as raised:
            await connector.probe()
        return [*waits, raised.value.retry_after]

    assert await opened(host, use) == [60, 120, 240, 60]


async def test_an_hours_budget_ends_a_read_and_says_when_to_go_on(opened: Opened) -> None:
    async def use(connector: GitHub) -> None:
        await all_pages(connector)

    host = GitHubHost({STORES: issues_of(500)}, token="t")
    error = await failure(opened, host, use, max_requests_per_hour=4)
    assert error.reason == "limited"
    assert 3000 < (error.retry_after or 0) <= 3600
    assert len(host.requests) == 4
