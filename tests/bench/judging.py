"""Judging a stored backlog: all of it, and what one changed item can touch; cycles beside networkx.

``python -m tests.bench judge`` takes 100,000 items with 40,000 dependencies between 50 teams.
"""

import asyncio
import json
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.product import Product, load_product
from config.settings import Settings
from connectors.contract import Page
from connectors.item import Link, TrackerItem
from service.app import open_context
from service.domain.graph import components
from service.flow.analyse import analyse
from service.flow.context import Context
from service.flow.ingest import ingest
from service.flow.nearby import judge_nearby
from service.flow.plan import catalogue
from service.flow.sync import options_of
from service.store import snapshot, sources

ITEMS, TEAMS, TIMES = 100_000, 50, 40
NOW = datetime.now(UTC)
SITE = "127.0.0.1:9"


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
    """Two in five wait for an earlier one of any team."""
    key = f"P{number % TEAMS}-{number}"
    start = NOW.date() + timedelta(days=dice.randint(-20, 300))
    waits = dice.random() < 0.4 and number > 1
    blocker = f"jira://{SITE}/id/{dice.randint(1, number - 1)}" if waits else ""
    told = {
        "native_id": str(number), "identity": f"jira://{SITE}/id/{number}", "name": f"jira://{SITE}/{key}",
        "key": key, "url": f"http://{SITE}/browse/{key}", "title": f"Ticket {number}", "kind": "story",
        "type": "Story", "state": dice.choice(["todo", "todo", "doing", "done"]), "status": "To Do",
        "created": NOW - timedelta(days=30), "updated": NOW, "priority": dice.choice([1, 2, 3, 3, 4, 5]),
        "start": start, "start_from": "field", "due": start + timedelta(days=20), "due_from": "field",
        "rank": f"{dice.randint(0, 10**9):010}",
        "links": (Link("blocked-by", blocker, "native", "is blocked by"),) if blocker else (),
    } | changed  # fmt: skip
    return TrackerItem(**told)


async def bench() -> None:
    print(f"\n### Judging {ITEMS:,} stored items with 40 % as many dependencies, {TEAMS} teams (SQLite)\n")
    print("| what | seconds |\n|---|---|")
    catalogue()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/attune.db")
        async with open_context(settings, product()) as context:
            await _fill(context)
            await _whole(context)
            await _nearby(context)
            await _cycles(context)


async def _fill(context: Context) -> None:
    dice = random.Random(1)
    by_team: dict[int, list[TrackerItem]] = {}
    for number in range(1, ITEMS + 1):
        by_team.setdefault(number % TEAMS, []).append(ticket(number, dice))
    for team, found in by_team.items():
        await _store(context, team, found)
        async with context.database.write() as connection:
            await sources.change(connection, f"s{team}", state="ok", complete=True)


async def _store(context: Context, team: int, found: list[TrackerItem]) -> None:
    async with context.database.write() as connection:
        await ingest(context, connection, options_of(context, f"s{team}"), [Page(found, {})], context.clock())


async def _whole(context: Context) -> None:
    for what in ("first: everything is new", "again: nothing has changed"):
        begun = time.perf_counter()
        found = await analyse(context)
        took = time.perf_counter() - begun
        print(f"| full analysis, {what} ({found.open_conflicts:,} conflicts) | {took:.1f} |", flush=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| largest memory so far, filling included | {memory:.0f} MB |")


async def _nearby(context: Context) -> None:
    dice = random.Random(2)
    times = []
    for _ in range(TIMES):
        number = dice.randint(1, ITEMS)
        changed = ticket(number, dice, due=NOW.date() + timedelta(days=400), updated=datetime.now(UTC))
        begun = time.perf_counter()
        await _store(context, number % TEAMS, [changed])
        if not await judge_nearby(context):
            raise RuntimeError("the neighbourhood was not enough")
        times.append(time.perf_counter() - begun)
    print(f"| one changed item: stored, judged, told (median of {TIMES}) | {statistics.median(times):.3f} |")


async def _cycles(context: Context) -> None:
    import networkx

    async with context.database.read() as connection:
        items, _ = await snapshot.items(connection)
        pairs = [(a, b) for a, b, _ in await snapshot.edges(connection)]
    begun = time.perf_counter()
    ours = [one for one in _components(items, pairs) if len(one) > 1]
    took = time.perf_counter() - begun
    begun = time.perf_counter()
    graph = networkx.DiGraph(pairs)
    theirs = [one for one in networkx.strongly_connected_components(graph) if len(one) > 1]
    peer = time.perf_counter() - begun
    if len(ours) != len(theirs):
        raise RuntimeError(f"{len(ours)} circles, networkx finds {len(theirs)}")
    print(
        f"| circles of dependencies, graph included | {took:.2f} |\n| the same with networkx | {peer:.2f} |"
    )


def _components(items: Any, pairs: list[tuple[str, str]]) -> Iterator[list[int]]:
    number = {item_id: node for node, item_id in enumerate(items)}
    following: list[list[int]] = [[] for _ in number]
    for blocker, dependent in pairs:
        following[number[blocker]].append(number[dependent])
    return iter(components(range(len(number)), following))


if __name__ == "__main__":
    asyncio.run(bench())
