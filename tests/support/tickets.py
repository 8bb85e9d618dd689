"""Tickets of the teams of tests/support/product.py, as a connector would hand them over."""

from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.contract import Page
from connectors.item import Link, TrackerItem
from service.flow.context import Context
from service.flow.reading.ingest import ingest
from service.flow.unit_of_work import unit_of_work

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TODAY = NOW.date()
SITE = "127.0.0.1:9"


def ticket(number: int, team: str, **values: Any) -> TrackerItem:
    key = f"{team[:3].upper()}-{number}"
    told: dict[str, Any] = {
        "native_id": str(number),
        "identity": f"jira://{SITE}/id/{number}",
        "name": f"jira://{SITE}/{key}",
        "key": key,
        "url": f"http://{SITE}/browse/{key}",
        "title": f"Ticket {number}",
        "kind": "story",
        "type": "Story",
        "state": "todo",
        "status": "To Do",
        "created": NOW - timedelta(days=30),
        "updated": NOW,
    } | values
    for name in ("start", "due"):
        if told.get(name):
            told[f"{name}_from"] = "field"
    return TrackerItem(**told)


def needs(number: int) -> Link:
    return Link("blocked-by", f"jira://{SITE}/id/{number}", "native", "is blocked by")


async def store(context: Context, team: str, *found: TrackerItem) -> None:
    async with unit_of_work(context) as work:
        options = context.options_of(f"{team}-jira")
        await ingest(work, options, [Page(found, {})], context.clock())
