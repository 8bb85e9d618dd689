"""Killed at any moment and started again (faults.md, 51): on from the checkpoint, nothing lost or twice."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from service.store.database.engine import Database
from service.store.database.migrate import migrate
from service.store.sources import sources
from service.store.tables import conflict, event, item, job, link
from tests.support.killed import COUNT, fill
from tests.support.tiny import TinyTracker

KILLS = 15
HOUSE = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def starting(url: str) -> AsyncIterator[Callable[[float | None], Awaitable[bool]]]:
    """Call it to start a process, killed after so many seconds (None: never); whether it ended well."""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.killed", url, cwd=HOUSE, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    asking, telling = parent.stdin, parent.stdout

    async def start(seconds: float | None) -> bool:
        asking.write(b"\n")
        child = int(await telling.readline())
        ending = asyncio.create_task(telling.readline())
        await asyncio.wait([ending], timeout=seconds)
        if not ending.done():
            os.kill(child, signal.SIGKILL)
        return int(await ending) == 0

    try:
        yield start
    finally:
        asking.close()
        await parent.wait()


async def known(database: Database) -> tuple[dict[str, str], int | None]:
    """Key → id of what is stored, and how far the scan's checkpoint says it is."""
    async with database.read() as connection:
        rows = await connection.execute(select(item.c.key, item.c.id))
        checkpoint = (await sources.get(connection, "onl")).checkpoint
    at = (
        None
        if checkpoint is None or '"scan"' not in checkpoint
        else int(checkpoint.split(":")[1].split(",")[0])
    )
    return {row.key: row.id for row in rows}, at


@pytest.mark.timeout(120)
async def test_killed_at_any_moment_nothing_is_lost_and_nothing_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/attune.db"
    database = Database(url)
    await migrate(database)
    chance = random.Random(51)
    before: dict[str, str] = {}
    kills, places = 0, set[int]()
    async with database.write() as connection:
        await sources.ensure(connection, ["onl"])
    async with starting(url) as start:
        longest = 0.3  # seconds; more where a busy machine gets nothing done in that time
        while kills < KILLS and not await start(chance.uniform(0.02, longest)):
            kills += 1
            now, place = await known(database)
            longest *= 1.0 if len(now) > len(before) else 1.25
            assert before.items() <= now.items()  # nothing that was stored is lost or has another id
            if place is not None:
                places.add(place)
                assert len(now) == place  # items and checkpoint are of one transaction
            before = now
        assert await start(None)
    tracker = TinyTracker()
    fill(tracker)
    after, _ = await known(database)
    assert after == {one.key: f"onl:{one.id}" for one in tracker.issues.values()}
    async with database.read() as connection:
        counts = [len((await connection.execute(select(table))).all()) for table in (link, job)]
        opened = [row.id for row in await connection.execute(select(conflict.c.id))]
        told = [row.type for row in await connection.execute(select(event.c.type).order_by(event.c.seq))]
        row = await sources.get(connection, "onl")
    await database.close()
    assert counts == [COUNT // 10, 0]
    assert [one for one in told if one.startswith("conflict.")] == ["conflict.opened"] * len(opened)
    assert len(opened) == COUNT // 10
    assert (row.state, row.complete, row.scan) == ("ok", True, None)
    assert kills >= 5
    assert len(places) >= 3  # it did go on
