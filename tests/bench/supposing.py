"""What-if questions over a stored backlog: the first one, the first after a change, and many others.

``python -m tests.bench what-if`` takes the backlog of ``judging``; ``python -m tests.bench.supposing COUNT``
one of as many items.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from config.settings import Settings
from connectors.contract import Page
from connectors.item import TrackerItem
from service.app import open_context
from service.domain.what_if.hypothesis import (
    AddDependency,
    RemoveDependency,
    SetValues,
    SupposedChange,
)
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.flow.product_plan import catalogue
from service.flow.reading.ingest import ingest
from service.flow.unit_of_work import unit_of_work
from service.flow.what_if.ask import what_if
from service.store.backlog import open_items
from service.store.sources import sources
from tests.bench.backlog import ITEMS, NOW, TEAMS, product, ticket
from tests.bench.memory import largest_memory

QUESTIONS = 42

Pair = tuple[str, str]


async def bench(count: int = ITEMS) -> None:
    print(f"\n### What-if over {count:,} stored items with 40 % as many dependencies (SQLite)\n")
    print("| what | ms |\n|---|---|")
    catalogue()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/attune.db")
        async with open_context(settings, product()) as context:
            await _fill(context, count)
            await analyse_all(context)
        async with open_context(settings, product()) as context:  # another process, as far as it can tell
            await _ask(context, count)
    memory = largest_memory()
    print(f"\nLargest memory, filling and judging included: {memory:.0f} MB")


async def _fill(context: Context, count: int) -> None:
    dice = random.Random(1)
    by_team: dict[int, list[TrackerItem]] = {}
    for number in range(1, count + 1):
        by_team.setdefault(number % TEAMS, []).append(ticket(number, dice))
    for team, found in by_team.items():
        await _store(context, team, found)
        async with context.database.write() as connection:
            await sources.change(connection, f"s{team}", state="ok", complete=True)


async def _store(context: Context, team: int, found: list[TrackerItem]) -> None:
    async with unit_of_work(context) as work:
        await ingest(work, context.options_of(f"s{team}"), [Page(found, {})], context.clock())


async def _ask(context: Context, count: int) -> None:
    async with context.database.read() as connection:
        items = await open_items.planned_items(connection)
        ids, pairs = sorted(items), list(await open_items.open_dependencies(connection, items))
    del items
    dice = random.Random(3)
    print(
        f"| first question after a start | {await _took(context, _due(dice, ids, pairs)):.0f} |", flush=True
    )
    after = []
    for number in dice.sample(range(1, count + 1), 10):
        changed = ticket(
            number, dice, due=NOW.date() + timedelta(400), state="todo", updated=datetime.now(UTC)
        )
        await _store(context, number % TEAMS, [changed])
        if not await judge_neighbourhood(context):
            raise RuntimeError("the neighbourhood was not enough")
        after.append(await _took(context, _due(dice, ids, pairs)))
    print(f"| first question after one changed item | {_told(after)} |", flush=True)
    every = []
    for what, draw in _DRAWN.items():
        times = [await _took(context, draw(dice, ids, pairs)) for _ in range(QUESTIONS // len(_DRAWN))]
        every += times
        print(f"| {what} | {_told(times)} |", flush=True)
    print(f"| all {len(every)} different questions | {_told(every)} |")


def _told(times: list[float]) -> str:
    return f"{statistics.median(times):.0f}, at most {max(times):.0f}"


async def _took(context: Context, changes: list[SupposedChange]) -> float:
    begun = time.perf_counter()
    await what_if(context, changes)
    return 1000 * (time.perf_counter() - begun)


def _due(dice: random.Random, ids: list[str], pairs: list[Pair]) -> list[SupposedChange]:
    return [SetValues(dice.choice(ids), {"due": NOW.date() + timedelta(dice.randint(0, 500))})]


def _priority(dice: random.Random, ids: list[str], pairs: list[Pair]) -> list[SupposedChange]:
    return [SetValues(dice.choice(ids), {"priority": 1})]


def _closed(dice: random.Random, ids: list[str], pairs: list[Pair]) -> list[SupposedChange]:
    return [SetValues(dice.choice(ids), {"state": "done"})]


def _added(dice: random.Random, ids: list[str], pairs: list[Pair]) -> list[SupposedChange]:
    return [AddDependency(*dice.sample(ids, 2))]


def _removed(dice: random.Random, ids: list[str], pairs: list[Pair]) -> list[SupposedChange]:
    return [RemoveDependency(*dice.choice(pairs))]


def _circle(dice: random.Random, ids: list[str], pairs: list[Pair]) -> list[SupposedChange]:
    blocker, dependent = dice.choice(pairs)
    return [AddDependency(dependent, blocker)]


def _three(dice: random.Random, ids: list[str], pairs: list[Pair]) -> list[SupposedChange]:
    return [*_due(dice, ids, pairs), *_priority(dice, ids, pairs), *_removed(dice, ids, pairs)]


_DRAWN: dict[str, Callable[[random.Random, list[str], list[Pair]], list[SupposedChange]]] = {
    "due moved": _due,
    "priority raised": _priority,
    "item closed": _closed,
    "dependency added": _added,
    "dependency removed": _removed,
    "circle closed": _circle,
    "three changes together": _three,
}


if __name__ == "__main__":
    asyncio.run(bench(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS))
