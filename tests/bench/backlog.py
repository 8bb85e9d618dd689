"""Stored backlogs to judge: a plausible plan, and one in which nothing fits. Filled through ``ingest``."""

import asyncio
import json
import multiprocessing
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from config.product import Product, load_product
from config.settings import Settings
from connectors.contract import Page
from connectors.item import Link, TrackerItem
from service.app import open_context
from service.flow.context import Context
from service.flow.reading.ingest import ingest
from service.flow.unit_of_work import unit_of_work
from service.store.sources import sources

ITEMS, TEAMS = 100_000, 50
NOW = datetime.now(UTC)
SITE = "127.0.0.1:9"

Ticket = Callable[[int, random.Random], TrackerItem]

_AT_ONCE = 2000  # tickets stored in one transaction
_TAKES = 20  # days from an item's start to its due date
_DRAWS = 400  # candidates for a blocker


def product() -> Product:
    told = {
        "product": {"name": "Bench", "timezone": "UTC"},
        "teams": [{"key": f"t{n}", "name": f"Team {n}", "owner": {"name": f"PO {n}"}} for n in range(TEAMS)],
        "sources": [
            {"key": f"s{n}", "type": "jira", "url": f"http://{SITE}", "project": f"P{n}",
             "auth": {"token": "nobody-asks"}, "team": f"t{n}"}
            for n in range(TEAMS)
        ],
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "product.yaml"
        file.write_text(json.dumps(told))  # JSON is YAML
        return load_product(file, {})


def ticket(number: int, dice: random.Random, **changed: Any) -> TrackerItem:
    """Teams plan by date; two items in five wait for one of any team.

    That one is ready in time but for one in ten, which end up to 20 days after the other's start.
    """
    first, priority = _first_day(number), _priority(number)
    fits = _is_ready_in_time if dice.random() >= 0.1 else _is_late
    drawn = (dice.randint(1, number - 1) for _ in range(_DRAWS)) if dice.random() < 0.4 and number > 1 else ()
    blocker = next((one for one in drawn if fits(one, number)), None)
    state = "done" if first < -_TAKES else "doing" if first < 0 else "todo"
    start = NOW.date() + timedelta(first)
    told = {"state": state, "priority": priority, "start": start, "due": start + timedelta(_TAKES)}
    return _ticket(number, blocker, f"{first + 1000:04}{dice.randint(0, 10**6):07}", told | changed)


def unranked(number: int, dice: random.Random) -> TrackerItem:
    """The same plan in a tracker without ranks: a team's own order is by priority."""
    return ticket(number, dice, rank=None)


def _first_day(number: int) -> int:
    """From today on; spread over 400 days."""
    return number * 7919 % 400 - 100


def _priority(number: int) -> int:
    return (1, 2, 3, 3, 4, 5)[number * 31 % 97 % 6]


def _is_ready_in_time(blocker: int, dependent: int) -> bool:
    is_early = _first_day(blocker) + _TAKES <= _first_day(dependent)
    return is_early and _priority(blocker) <= _priority(dependent)


def _is_late(blocker: int, dependent: int) -> bool:
    return 0 <= _first_day(dependent) - _first_day(blocker) < _TAKES


def clashing(number: int, dice: random.Random) -> TrackerItem:
    """Nothing fits: dates, priorities and ranks by chance, two items in five wait for any earlier one."""
    start = NOW.date() + timedelta(days=dice.randint(-20, 300))
    blocker = dice.randint(1, number - 1) if dice.random() < 0.4 and number > 1 else None
    told = {
        "state": dice.choice(["todo", "todo", "doing", "done"]),
        "priority": dice.choice([1, 2, 3, 3, 4, 5]),
        "start": start,
        "due": start + timedelta(_TAKES),
    }
    return _ticket(number, blocker, f"{dice.randint(0, 10**9):010}", told)


def _ticket(number: int, blocker: int | None, rank: str, told: dict[str, Any]) -> TrackerItem:
    key, place = f"P{number % TEAMS}-{number}", f"jira://{SITE}"
    links = () if blocker is None else (f"{place}/id/{blocker}",)
    fixed: dict[str, Any] = {
        "native_id": str(number), "identity": f"{place}/id/{number}", "name": f"{place}/{key}",
        "key": key, "url": f"http://{SITE}/browse/{key}", "title": f"Ticket {number}", "kind": "story",
        "type": "Story", "status": "To Do", "created": NOW - timedelta(days=30), "updated": NOW,
        "start_from": "field", "due_from": "field", "rank": rank,
        "links": tuple(Link("blocked-by", one, "native", "is blocked by") for one in links),
    }  # fmt: skip
    return TrackerItem(**fixed | told)


def filled(folder: str, count: int, drawn: Ticket = ticket) -> Settings:
    """A database of ``count`` tickets, filled by a process of its own: its memory does not count as ours."""
    settings = Settings(database_url=f"sqlite:///{folder}/{drawn.__name__}-{count}.db")
    filling = multiprocessing.get_context("spawn").Process(target=_filled, args=(settings, count, drawn))
    filling.start()
    filling.join()
    if filling.exitcode:
        raise RuntimeError(f"filling ended with {filling.exitcode}")
    return settings


def _filled(settings: Settings, count: int, drawn: Ticket) -> None:
    async def fill() -> None:
        async with open_context(settings, product()) as context:
            await _fill(context, count, drawn)

    asyncio.run(fill())


async def _fill(context: Context, count: int, drawn: Ticket) -> None:
    for team in range(TEAMS):
        tickets = (drawn(number, dice_of(number)) for number in range(team or TEAMS, count + 1, TEAMS))
        for part in _parts(tickets):
            await store(context, team, part)
        async with context.database.write() as connection:
            await sources.change(connection, f"s{team}", state="ok", complete=True)


def dice_of(number: int) -> random.Random:
    """Each ticket has its own: it can be drawn again, changed."""
    return random.Random(number)


def _parts(tickets: Iterator[TrackerItem]) -> Iterator[list[TrackerItem]]:
    while part := list(islice(tickets, _AT_ONCE)):
        yield part


async def store(context: Context, team: int, found: list[TrackerItem]) -> None:
    async with unit_of_work(context) as work:
        await ingest(work, context.options_of(f"s{team}"), [Page(found, {})], context.clock())
