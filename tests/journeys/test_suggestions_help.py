"""What the demonstration suggests helps: carried out in a what-if, each suggestion resolves its conflict."""

from collections.abc import AsyncIterator
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

SUGGESTING = {
    "dependency-dropped",
    "dependency-date",
    "dependency-overdue",
    "dependency-unplanned",
    "dependency-unstarted",
    "dependency-chain",
    "dependency-cycle",
    "priority-inversion",
}
"""The rules of the story whose conflicts a changed date, priority, state or dependency resolves."""


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[Client]:
    today = date(2026, 11, 24)
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=ZoneInfo(TIMEZONE)).timestamp()
    with trackers(today) as environment:
        settings = Settings(database_url=f"sqlite:///{tmp_path}/attune.db")
        product = load_product(PRODUCT_FILE, environment)
        async with open_context(settings, product, open_access=True, clock=lambda: noon) as context:
            await read(context, [source.key for source in product.sources], full=False)
            async with client(context) as found:
                yield found


async def test_every_suggestion_that_says_its_changes_resolves_its_conflict(api: Client) -> None:
    helped = set()
    for conflict in (await api.get("/v1/conflicts", {"limit": 500}))["items"]:
        for fix in conflict["fixes"]:
            if not fix:
                continue
            found = await api.post("/v1/what-if", fix)
            assert conflict["id"] in {one["id"] for one in found["resolved"]}, (conflict["title"], fix)
            helped.add(conflict["kind"])
    assert helped == SUGGESTING
