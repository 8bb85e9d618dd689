"""Runs what is due: reads sources on time, re-reads announced items, analyses what changed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from datetime import date

import structlog

from connectors.contract import SourceError
from connectors.options import SourceOptions
from service.flow.analysis.rejudge import analyse_all, analyse_when_due, judge_changes
from service.flow.context import Context
from service.flow.reading.announced import read_announced
from service.flow.reading.background.look_up import look_up_names
from service.flow.reading.background.sweep import sweep
from service.flow.reading.background.unread_parts import read_unread_parts
from service.flow.reading.sync import SyncResult, finish_sync, sync_source
from service.flow.telling.escalate import escalate
from service.flow.unit_of_work import unit_of_work
from service.store.conflicts import escalations
from service.store.database.engine import UnavailableError
from service.store.naming import look_ups
from service.store.process import jobs
from service.store.process.jobs import Job, LeaseLostError
from service.store.sources import inbound, sources, syncs, unread_parts
from service.store.sources.sources import SourceRow

log = structlog.get_logger()

JOBS_AT_ONCE = 16  # side by side; network waits, not work
DRAIN_SECONDS = 5.0  # that a stopping worker gives to what is under way
SOON_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 86400.0  # whatever a tracker says
IDLE_SECONDS = 5.0  # between looks when nothing wakes the worker
BACKOFF_SECONDS = (30.0, 120.0, 600.0, 1800.0)  # after a failed read


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
            "look-up": self._look_up,
            "unread": self._unread,
            "rejudge": self._rejudge,
            "analyse": self._analyse,
            "escalate": self._escalate,
        }

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set; then what is under way may end, or is left to whoever comes next."""
        while not stop.is_set():
            self.context.wake_worker.reset()
            await self.context.wake_worker.sleep(stop, await self._turn())
        if self._running:
            await asyncio.wait(self._running.values(), timeout=DRAIN_SECONDS)
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _turn(self) -> float:
        """Seconds until the next one. The database may be away for a while: that ends nothing."""
        try:
            await self._plan()
            await self._start_due()
            return await self._patience()
        except Exception:
            log.exception("worker.stumbled")
            return IDLE_SECONDS

    async def _plan(self) -> None:
        """Queue every source whose poll is due, an analysis when a new day has begun, and escalations."""
        now = self.context.clock()
        async with unit_of_work(self.context) as work:
            connection = work.connection
            rows = {row.key: row for row in await sources.all_sources(connection)}
            left = {
                "look-up": await look_ups.sources_due(connection, now),
                "unread": await unread_parts.sources_due(connection, now),
            }
            for options in self.context.product.sources:
                for kind in _due(rows.get(options.key), options, now, left):
                    if not await jobs.waiting(connection, f"{kind}:{options.key}"):
                        wanted = {"source": options.key}
                        work.enqueue_unless_queued(kind, f"{kind}:{options.key}", wanted)
            if self._analysed_on != self.context.today:
                self._analysed_on = self.context.today
                work.enqueue("analyse", "analyse")
                await inbound.forget_old(connection, now)
            if await escalations.are_due(connection, now) and not await jobs.waiting(connection, "escalate"):
                work.enqueue_unless_queued("escalate", "escalate")

    async def _start_due(self) -> None:
        free = JOBS_AT_ONCE - len(self._running)
        if free <= 0:
            return
        async with self.context.database.write() as connection:
            taken = await jobs.claim(connection, free)
        for job in taken:
            self._running[job.lease + job.id] = asyncio.create_task(self._run(job))

    async def _patience(self) -> float:
        if len(self._running) >= JOBS_AT_ONCE:
            return IDLE_SECONDS
        async with self.context.database.read() as connection:
            due = await jobs.next_due(connection)
        return IDLE_SECONDS if due is None else min(max(due, 0.0), IDLE_SECONDS)

    async def _run(self, job: Job) -> None:
        renewing = asyncio.create_task(self._renew(job))
        delay: float | None = BACKOFF_SECONDS[min(job.attempts - 1, len(BACKOFF_SECONDS) - 1)]
        try:
            delay = await self._do[job.kind](job)
        except asyncio.CancelledError:
            delay = 0.0  # we are told to stop: whoever starts next goes on with it
        except UnavailableError as error:
            delay = SOON_SECONDS
            log.warning("job.waits", kind=job.kind, key=job.key, error=str(error))
        except LeaseLostError:
            log.warning("job.lost", kind=job.kind, key=job.key)
        except Exception:
            log.exception("job.failed", kind=job.kind, key=job.key)
        finally:
            renewing.cancel()
            await self._close(job, delay)
            self._running.pop(job.lease + job.id, None)
            self.context.wake_worker.ring()

    async def _close(self, job: Job, delay: float | None) -> None:
        """Where that fails the lease runs out, and the job is taken anew."""
        try:
            async with self.context.database.write() as connection:
                if delay is None:
                    await jobs.finish(connection, job)
                else:
                    await jobs.postpone(connection, job, delay)
        except UnavailableError:
            log.warning("job.unclosed", kind=job.kind, key=job.key, exc_info=True)

    async def _renew(self, job: Job) -> None:
        while True:
            await asyncio.sleep(jobs.LEASE_SECONDS / 3)
            with contextlib.suppress(UnavailableError):
                async with self.context.database.write() as connection:
                    await jobs.renew(connection, job)

    def _is_known(self, job: Job) -> bool:
        """A source may have left the product file since."""
        return any(options.key == job.payload["source"] for options in self.context.product.sources)

    async def _sync(self, job: Job) -> float | None:
        if not self._is_known(job):
            return None
        run = job.payload.get("sync")
        if run is not None:
            async with self.context.database.read() as connection:
                newest = await syncs.get(connection, run)
            run = run if newest is not None and newest.state == "running" else None
        result = await sync_source(
            self.context, job.payload["source"], bool(job.payload.get("full")), sync=run, job=job
        )
        if result.error is not None:
            await judge_changes(self.context)  # the pages before the error are in
            return _patience(result, job.attempts)
        if run is not None:  # someone follows it, and "done" includes the whole analysis
            await analyse_all(self.context)
        else:
            await judge_changes(self.context)
        await finish_sync(self.context, result)
        return None

    async def _read(self, job: Job) -> float | None:
        if not self._is_known(job):
            return None
        try:
            await read_announced(self.context, job.payload["source"], job)
        except SourceError as error:
            log.warning("source.unread", source=job.payload["source"], error=str(error))
            return _wait_of(error.retry_after) or BACKOFF_SECONDS[0]
        await judge_changes(self.context)
        return None

    async def _sweep(self, job: Job) -> float | None:
        if not self._is_known(job):
            return None
        try:
            await sweep(self.context, job.payload["source"], job)
        except SourceError as error:
            log.warning("source.unswept", source=job.payload["source"], error=str(error))
            return _wait_of(error.retry_after) or BACKOFF_SECONDS[-1]
        return None

    async def _look_up(self, job: Job) -> float | None:
        if not self._is_known(job):
            return None
        try:
            if not await look_up_names(self.context, job.payload["source"], job):
                return None
        except SourceError as error:
            log.warning("source.unasked", source=job.payload["source"], error=str(error))
            return _wait_of(error.retry_after) or BACKOFF_SECONDS[-1]
        await judge_changes(self.context)
        return SOON_SECONDS

    async def _unread(self, job: Job) -> float | None:
        if not self._is_known(job):
            return None
        try:
            pause = await read_unread_parts(self.context, job.payload["source"], job)
        except SourceError as error:
            log.warning("source.unread", source=job.payload["source"], error=str(error))
            return _wait_of(error.retry_after) or BACKOFF_SECONDS[-1]
        await judge_changes(self.context)
        return pause

    async def _rejudge(self, job: Job) -> float | None:
        await judge_changes(self.context)
        return None

    async def _analyse(self, job: Job) -> float | None:
        return await analyse_when_due(self.context)

    async def _escalate(self, job: Job) -> float | None:
        await escalate(self.context)
        return None


def _due(
    row: SourceRow | None, options: SourceOptions, now: float, left: Mapping[str, Collection[str]]
) -> Iterator[str]:
    """The kinds of jobs that a source is due for; ``left`` by kind the sources with work left for later.

    A full scan is a sweep too; before the first one there is nothing to miss, and no name to ask for.
    """
    if row is None:
        return
    if row.last_delta is None or now - row.last_delta >= options.poll.total_seconds():
        yield "sync"
    last = max(row.last_full_scan or 0.0, row.last_sweep or 0.0)
    if row.complete and row.state == "ok" and now - last >= options.sweep.total_seconds():
        yield "sweep"
    if row.complete and row.state == "ok":
        yield from (kind for kind, keys in left.items() if options.key in keys)


def _patience(result: SyncResult, attempts: int) -> float:
    """Where the tracker says when to come back, it knows best."""
    return _wait_of(result.retry_after) or BACKOFF_SECONDS[min(attempts - 1, len(BACKOFF_SECONDS) - 1)]


def _wait_of(seconds: float | None) -> float | None:
    return None if seconds is None else min(max(seconds, SOON_SECONDS), LONGEST_WAIT_SECONDS)
