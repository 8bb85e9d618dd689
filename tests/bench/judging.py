"""Judging a stored backlog: all of it, what one changed item can touch, and what that rewrites.

``python -m tests.bench judge`` takes up to 100,000 items with 40 % as many dependencies between 50 teams;
``python -m tests.bench.judging 1000000`` as many as it says, which takes minutes to fill. Every row is
measured in a process of its own, so that its memory is its own.
"""

import asyncio
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from config.settings import Settings
from service.app import open_context
from service.flow.analysis.full import _take, _write, uncollected
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.analysis.judge import judge_backlog
from service.flow.context import Context
from service.flow.product_plan import catalogue, plan_of
from service.flow.unit_of_work import unit_of_work
from service.store.process import revision
from tests.bench import comparing, rewriting
from tests.bench.backlog import (
    ITEMS,
    NOW,
    TEAMS,
    clashing,
    dice_of,
    filled,
    product,
    store,
    ticket,
    unranked,
)
from tests.bench.memory import largest_memory

TIMES = 40

Measure = Callable[[Context, int], Awaitable[None]]


async def bench(counts: tuple[int, ...] = (ITEMS // 10, ITEMS)) -> None:
    largest = counts[-1]
    with tempfile.TemporaryDirectory() as folder:
        print(f"\n### Judging stored items with 40 % as many dependencies, {TEAMS} teams (SQLite), seconds\n")
        print("| items | analysis | conflicts | loading | judging | storing | memory until judged, stored |")
        print("|---|---|---|---|---|---|---|", flush=True)
        stored = {count: filled(folder, count) for count in counts}
        for count, settings in stored.items():
            await _apart(settings, count, _whole)
        if largest <= ITEMS:
            await _apart(filled(folder, largest, clashing), largest, _clashing)
        print("\n| what | figure |\n|---|---|", flush=True)
        await _apart(stored[largest], largest, _nearby)
        await _apart(stored[largest], largest, comparing.bench)
        if largest <= ITEMS:
            await _apart(stored[largest], largest, _rewriting)
            await _apart(filled(folder, largest, unranked), largest, _rewriting_unranked)


async def _apart(settings: Settings, count: int, measure: Measure) -> None:
    """In a process of its own."""
    measuring = multiprocessing.get_context("spawn").Process(target=_run, args=(settings, count, measure))
    measuring.start()
    await asyncio.to_thread(measuring.join)
    if measuring.exitcode:
        raise RuntimeError(f"measuring ended with {measuring.exitcode}")


def _run(settings: Settings, count: int, measure: Measure) -> None:
    async def run() -> None:
        catalogue()
        async with open_context(settings, product()) as context:
            await measure(context, count)

    asyncio.run(run())


async def _whole(context: Context, count: int, what: str = "") -> None:
    for which in ("first", "again, nothing has changed"):
        print(f"| {count:,}{what} | {which} | {await _timed_analysis(context)} |", flush=True)


async def _clashing(context: Context, count: int) -> None:
    await _whole(context, count, ", nothing fits")


async def _timed_analysis(context: Context) -> str:
    """What ``analyse`` does, a step at a time."""
    times = [time.perf_counter()]
    with uncollected():
        taken = await _take(context)
        times.append(time.perf_counter())
        judged = judge_backlog(taken, plan_of(context.product, context.today), context.product)
        times.append(time.perf_counter())
        memory = largest_memory()
        async with unit_of_work(context) as work:
            if not await revision.claim_analysis(work.connection, taken.analysed):
                raise RuntimeError("somebody else judges")
            outcome = await _write(work, taken, judged)
        times.append(time.perf_counter())
    steps = (f"{after - before:.1f}" for before, after in pairwise(times))
    return f"{outcome.open_conflicts:,} | {' | '.join(steps)} | {memory:,.0f}, {largest_memory():,.0f} MB"


async def _nearby(context: Context, count: int) -> None:
    dice = random.Random(2)
    times = []
    for _ in range(TIMES):
        number = dice.randint(1, count)
        due = NOW.date() + timedelta(days=400)
        changed = ticket(number, dice_of(number), due=due, state="todo", updated=datetime.now(UTC))
        begun = time.perf_counter()
        await store(context, number % TEAMS, [changed])
        if not await judge_neighbourhood(context):
            raise RuntimeError("the neighbourhood was not enough")
        times.append(time.perf_counter() - begun)
    told = f"{statistics.median(times):.3f} s"
    print(f"| one changed item of {count:,}: stored, judged, told (median of {TIMES}) | {told} |", flush=True)


async def _rewriting(context: Context, count: int) -> None:
    await rewriting.bench(context, "where the team has ranks")


async def _rewriting_unranked(context: Context, count: int) -> None:
    await rewriting.bench(context, "where the team's order is by priority", rank=None)


if __name__ == "__main__":
    asyncio.run(bench(tuple(map(int, sys.argv[1:])) or (ITEMS,)))
