"""The demonstration from its trackers to its conflicts, on days that make dates go wrong."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.product import load_product
from config.settings import Settings
from service.app import open_context
from service.cli.client import Client, client
from service.cli.read_sources import read
from service.demo.demonstration import trackers
from service.demo.environment import PRODUCT_FILE, TIMEZONE
from service.flow.context import Context

DAYS = [
    date(2026, 11, 24),
    date(2027, 1, 3),  # a Sunday, in week 53
    date(2027, 12, 31),
    date(2028, 2, 29),
]

EXPECTED = {
    "dependency-dropped": 2,
    "dependency-date": 3,
    "dependency-overdue": 2,
    "dependency-unplanned": 2,
    "dependency-unstarted": 2,
    "dependency-chain": 1,
    "dependency-cycle": 1,
    "priority-inflation": 1,
    "priority-inversion": 2,
    "dod-mismatch": 5,
}


@pytest.fixture(params=DAYS, ids=str)
def today(request: pytest.FixtureRequest) -> date:
    found: date = request.param
    return found


@pytest.fixture
def environment(today: date) -> Iterator[Mapping[str, str]]:
    with trackers(today) as found:
        yield found


@pytest.fixture
async def context(today: date, environment: Mapping[str, str], tmp_path: Path) -> AsyncIterator[Context]:
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo(TIMEZONE)).timestamp()
    settings = Settings(database_url=f"sqlite:///{tmp_path}/attune.db")
    product = load_product(PRODUCT_FILE, environment)
    async with open_context(settings, product, open_access=True, clock=lambda: noon) as found:
        results = await read(found, [source.key for source in product.sources], full=False)
        assert [(result.error, result.rejected) for result in results] == [(None, 0)] * 4
        yield found


@pytest.fixture
async def api(context: Context) -> AsyncIterator[Client]:
    async with client(context) as found:
        yield found


async def test_the_story_shows_each_kind_of_conflict_and_most_of_the_plan_is_healthy(api: Client) -> None:
    found = (await api.get("/v1/conflicts", {"limit": 500}))["items"]
    assert Counter(conflict["kind"] for conflict in found) == EXPECTED


async def test_every_ticket_of_the_four_teams_is_in_the_backlog(api: Client) -> None:
    found = (await api.get("/v1/backlog", {"state": "any", "limit": 500}))["items"]
    assert Counter(item["team"] for item in found) == {
        "online": 82,
        "backoffice": 74,
        "stores": 69,
        "data": 56,
    }
