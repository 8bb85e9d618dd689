"""A process that reads a tiny tracker in small pages and judges it, to be killed at any moment.

``python -m tests.support.killed DATABASE_URL`` starts one for every line it is sent, without importing all
of attune each time.
"""

import asyncio
import os
import sys
from typing import Any, NoReturn

import structlog

from service.flow.reading import batches
from service.flow.worker import Worker
from service.store.database.engine import Database
from service.store.process import jobs
from service.store.tables import job
from tests.support.flow import flow_context, source
from tests.support.tiny import TinyTracker

COUNT = 600
PAGE = 5


def fill(tracker: TinyTracker) -> None:
    """Every tenth waits for a dropped one."""
    for number in range(1, COUNT + 1):
        if number % 10:
            tracker.add("ONL", state="dropped" if number % 10 == 9 else "todo")
        else:
            tracker.add("ONL", state="doing", blocked_by=(number - 1,))


async def run(url: str) -> None:
    tracker = TinyTracker(page_size=PAGE)
    fill(tracker)
    batches.ITEMS_PER_TRANSACTION = PAGE
    rules: dict[str, Any] = {"dependency-dropped": {"scope": "all"}}
    context = await flow_context(Database(url), tracker, source(), rules=rules)
    async with context.database.write() as connection:
        await jobs.enqueue(connection, "sync", "sync:onl", {"source": "onl"})
        await connection.execute(job.update().values(leased_until=0.0))  # its holder was killed
    worker = Worker(context)
    async with context.database.write() as connection:
        taken = await jobs.claim(connection, 10)
    for one in taken:
        await worker._run(one)
    await context.database.close()


def _live(url: str) -> NoReturn:
    ended = 1
    try:
        asyncio.run(run(url))
        ended = 0
    finally:
        os._exit(ended)


def main(url: str) -> None:
    """For every line on standard input a process of its own: its id, and in the end how it ended."""
    for _ in sys.stdin:
        child = os.fork()
        if not child:
            _live(url)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    main(sys.argv[1])
