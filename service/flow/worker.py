"""Runs what is due: reads sources on time, re-reads announced items, analyses what changed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import structlog

from connectors.contract import SourceError
from service.flow.context import Context
from service.flow.inbound import read_announced
from service.flow.rejudge import analyse_all, rejudge
from service.flow.sweep import sweep
from service.flow.sync import SyncResult, finish_sync, options_of, sync_source
from service.store import inbound, jobs, sources, syncs
from service.store.jobs import Job

log = structlog.get_logger()

AT_ONCE = 16  # jobs side by side; network waits, not work
IDLE = 5.0  # seconds between looks when nothing wakes the worker
BACKOFF = (30.0, 120.0, 600.0, 1800.0)  # seconds after a failed read


class Worker:
    """One per process; any number of them share a PostgreSQL database."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._running: dict[str, asyncio.Task[None]] = {}
        self._analysed_on: date | None = None
        self._do: dict[str, Callable[[Job], Awaitable[float | None]]] = {
            "sync": self._sync,
            "read": self._read,
            "sweep": self._sweep,
            "rejudge": self._rejudge,
            "analyse": self._analyse,
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set; then waits for what is under way."""
        while not stop.is_set():
            self.context.wake_worker.clear()
            await self._plan()
            await self._start_due()
            await self._pause(stop)
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _plan(self) -> None:
        """Queue every source whose poll is due, and an analysis when a new day has begun."""
        now = self.context.clock()
        async with self.context.database.write() as connection:
            for row in await sources.all_sources(connection):
                poll = options_of(self.context, row.key).poll.total_seconds()
                is_due = row.last_delta is None or now - row.last_delta >= poll
                if is_due and not await jobs.waiting(connection, f"sync:{row.key}"):
                    await jobs.enqueue(connection, "sync", f"sync:{row.key}", {"source": row.key})
                if _is_sweep_due(row, now, options_of(self.context, row.key).sweep.total_seconds()):
                    await jobs.enqueue(connection, "sweep", f"sweep:{row.key}", {"source": row.key})
            if self._analysed_on != self.context.today:
                self._analysed_on = self.context.today
                await jobs.enqueue(connection, "analyse", "analyse")
                await inbound.forget_old(connection, now)

    async def _start_due(self) -> None:
        free = AT_ONCE - len(self._running)
        if free <= 0:
            return
        async with self.context.database.write() as connection:
            taken = await jobs.claim(connection, free)
        for job in taken:
            self._running[job.lease + job.id] = asyncio.create_task(self._run(job))

    async def _pause(self, stop: asyncio.Event) -> None:
        async with self.context.database.read() as connection:
            due = await jobs.next_due(connection)
        delay = IDLE if due is None else min(max(due, 0.0), IDLE)
        if len(self._running) >= AT_ONCE:
            delay = IDLE
        waiting = [asyncio.create_task(self.context.wake_worker.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=delay, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    async def _run(self, job: Job) -> None:
        renewing = asyncio.create_task(self._renew(job))
        delay: float | None = BACKOFF[min(job.attempts - 1, len(BACKOFF) - 1)]
        try:
            delay = await self._do[job.kind](job)
        except Exception:
            log.exception("job.failed", kind=job.kind, key=job.key)
        finally:
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._close(job, delay)
            self._running.pop(job.lease + job.id, None)
            self.context.wake_worker.set()

    async def _close(self, job: Job, delay: float | None) -> None:
        async with self.context.database.write() as connection:
            if delay is None:
                await jobs.finish(connection, job)
            else:
                await jobs.postpone(connection, job, delay)

    async def _renew(self, job: Job) -> None:
        while True:
            await asyncio.sleep(jobs.LEASE / 3)
            async with self.context.database.write() as connection:
                await jobs.renew(connection, job)

    async def _sync(self, job: Job) -> float | None:
        run = job.payload.get("sync")
        if run is not None:
            async with self.context.database.read() as connection:
                found = await syncs.get(connection, run)
            run = run if found is not None and found.state == "running" else None
        result = await sync_source(
            self.context, job.payload["source"], bool(job.payload.get("full")), sync=run
        )
        if result.error is not None:
            return _patience(result, job.attempts)
        if run is not None:  # someone follows it, and "done" includes the whole analysis
            await analyse_all(self.context)
        else:
            await rejudge(self.context)
        await finish_sync(self.context, result)
        return None

    async def _read(self, job: Job) -> float | None:
        try:
            await read_announced(self.context, job.payload["source"])
        except SourceError as error:
            log.warning("source.unread", source=job.payload["source"], error=str(error))
            return error.retry_after or BACKOFF[0]
        await rejudge(self.context)
        return None

    async def _sweep(self, job: Job) -> float | None:
        try:
            await sweep(self.context, job.payload["source"])
        except SourceError as error:
            log.warning("source.unswept", source=job.payload["source"], error=str(error))
            return error.retry_after or BACKOFF[-1]
        return None

    async def _rejudge(self, job: Job) -> float | None:
        await rejudge(self.context)
        return None

    async def _analyse(self, job: Job) -> float | None:
        await analyse_all(self.context)
        return None


def _is_sweep_due(row: Any, now: float, every: float) -> bool:
    """A full scan is a sweep too; before the first one there is nothing to miss."""
    last = max(row.last_full_scan or 0.0, row.last_sweep or 0.0)
    return bool(row.complete) and row.state == "ok" and now - last >= every


def _patience(result: SyncResult, attempts: int) -> float:
    return max(result.retry_after or 0.0, BACKOFF[min(attempts - 1, len(BACKOFF) - 1)])
