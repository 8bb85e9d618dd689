"""Read one source into the backlog, page by page, each page with the checkpoint that follows it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass
from typing import Any

import orjson
import structlog

from connectors.contract import Checkpoint, Page, SourceError
from connectors.options import SourceOptions
from service.flow.context import Context
from service.flow.reading.batches import batches, closing, kept_pages
from service.flow.reading.connecting import connector_of
from service.flow.reading.ingest import Counts, ingest_drafts
from service.flow.reading.remove import remove
from service.flow.reading.rows.draft import Drafts, drafted
from service.flow.reading.source_digest import manner_of, stored_manner
from service.flow.reading.source_outcome import count_requests, fail, source_event, wait
from service.flow.telling.publish import publish
from service.store.backlog import items
from service.store.database.engine import Connection, UnavailableError
from service.store.process import jobs, revision, touched
from service.store.process.jobs import Job, LeaseLostError
from service.store.sources import sources, syncs

log = structlog.get_logger()

PROBE_EVERY = 3600.0  # seconds a source that reads well is taken for what it was
FEW = 10  # a source of so few items may well lose more than half of them
SECOND_LOOK = 1800.0  # seconds after a suspicious full scan, so that it was not the same moment's fault


@dataclass(frozen=True, slots=True)
class SyncProgress:
    source: str
    read: int
    total: int | None


@dataclass(frozen=True, slots=True)
class SyncResult:
    sync: str
    source: str
    read: int
    changed: int
    rejected: int
    error: str | None = None
    retry_after: float | None = None


Progress = Callable[[SyncProgress], None]


async def request_sync(context: Context, key: str, full: bool = False) -> str:
    """Have the worker read a source soon; the id of the run to follow (one under way is joined)."""
    context.options_of(key)
    async with context.database.write() as connection:
        known = await syncs.running(connection, key)
        is_under_way = await jobs.is_running(connection, f"sync:{key}")
        if known is not None and is_under_way and (known.full or not full):
            return str(known.id)
        if known is None or is_under_way:
            run = await syncs.begin(connection, key, full, context.clock())
        else:
            run = str(known.id)
            await syncs.change(connection, run, full=known.full or full)
        wanted = {"source": key, "sync": run} | ({"full": True} if full else {})
        await jobs.enqueue(connection, "sync", f"sync:{key}", wanted)
    context.wake_worker.set()
    return run


async def sync_source(
    context: Context,
    key: str,
    full: bool = False,
    progress: Progress | None = None,
    sync: str | None = None,
    job: Job | None = None,
) -> SyncResult:
    """Read a source now. A SourceError ends up in the result and on the source; others go on.

    ``sync``: the run that was promised. ``job``: whose lease this work hangs on; raises LeaseLostError.
    """
    options = context.options_of(key)
    async with context.database.write() as connection:
        run = await _run(context, connection, key, full, sync)
        before = await sources.get(connection, key)
        await sources.change(connection, key, state="syncing")
    reading = _Reading(context, options, run, before, full, progress, job)
    try:
        await reading.run()
    except SourceError as error:
        await (wait if error.reason == "limited" else fail)(context, options, before, run, error, job)
        return SyncResult(run, key, **asdict(reading.counts), error=str(error), retry_after=error.retry_after)
    except (LeaseLostError, UnavailableError):
        raise
    except Exception as error:
        told = SourceError("answer", f"attune failed at it ({type(error).__name__}); its log says how")
        await fail(context, options, before, run, told, job)
        raise
    return SyncResult(run, key, **asdict(reading.counts))


async def _run(context: Context, connection: Connection, key: str, full: bool, promised: str | None) -> str:
    """A run that a killed process left behind goes on: whoever follows it sees its end."""
    now = context.clock()
    left = None if promised else await syncs.running(connection, key)
    run = promised or (str(left.id) if left else await syncs.begin(connection, key, full, now))
    await syncs.give_up_older(connection, key, run, now)
    return run


async def finish_sync(context: Context, result: SyncResult) -> None:
    """Close a run whose changes have been analysed."""
    if result.error is not None:
        return
    async with context.database.write() as connection:
        await syncs.change(connection, result.sync, state="done", finished=context.clock())
        await syncs.forget_old(connection, result.source)
        await revision.grow(connection)


class _Reading:
    """One run over one source."""

    def __init__(
        self,
        context: Context,
        options: SourceOptions,
        run: str,
        before: Any,
        full: bool,
        progress: Progress | None,
        job: Job | None,
    ) -> None:
        self.context = context
        self.options = options
        self.sync = run
        self.before = before
        self.progress = progress
        self.job = job
        self.counts = Counts()
        self.connector = connector_of(context, options)
        self.since: Checkpoint | None = orjson.loads(before.checkpoint) if before.checkpoint else None
        self.started = context.clock()
        self.scan: float | None = before.scan  # a full scan that was cut off goes on
        self.manner = manner_of(context.product, options)
        was = stored_manner(before.manner) or self.manner
        is_other = was != self.manner if self._is_unsettled() else was.asked != self.manner.asked
        is_cut_off = self.scan is not None and self.since is not None
        wanted = full or self._is_scan_due()
        if self.since is None or is_other or (wanted and not is_cut_off):
            self.since, self.scan = None, self.started
        self.is_reread = self.scan is None and was != self.manner

    def _is_unsettled(self) -> bool:
        """What is kept of its items may not be all, or not be theirs."""
        return self.scan is not None or not self.before.complete or self.before.suspected is not None

    def _is_scan_due(self) -> bool:
        if self.before.suspected is not None:
            return bool(self.started - self.before.suspected >= SECOND_LOOK)
        last = self.before.last_full_scan
        return last is not None and self.started - last > self.options.full_scan.total_seconds()

    async def run(self) -> None:
        if self._is_probe_due():
            await self._probe()
        if self.is_reread:
            await self._reread()
        async with closing(self.connector.pages(self.since)) as pages:
            await self._store_all(batches(pages))
        await self._complete()

    async def _reread(self) -> None:
        """The answers that are kept, as the product file has them understood now."""
        async with self.context.database.write() as connection:
            await sources.change(connection, self.options.key, unmapped="{}")
        rejected = {one["key"] for one in orjson.loads(self.before.rejected)}
        async for batch in batches(kept_pages(self.context, self.connector, self.options.key, rejected)):
            drafts = drafted(self.options, batch, self.started, self.context.clock())
            async with self.context.database.write() as connection:
                self.counts += await ingest_drafts(self.context, connection, drafts)
                await jobs.hold(connection, self.job)
        async with self.context.database.write() as connection:
            await sources.change(connection, self.options.key, manner=str(self.manner))
            await revision.grow(connection)

    async def _store_all(self, batches: AsyncIterator[list[Page]]) -> None:
        """One batch is stored while the next is read; what was read before an error is stored too."""
        storing: asyncio.Task[None] | None = None
        try:
            async for batch in batches:
                drafts = drafted(self.options, batch, self.scan or self.started, self.context.clock())
                if storing is not None:
                    await storing
                storing = asyncio.create_task(self._store(drafts))
        finally:
            if storing is not None:
                await storing

    def _is_probe_due(self) -> bool:
        last = self.context.probed.get(self.options.key)
        is_fresh = last is not None and self.started - last < PROBE_EVERY
        return not is_fresh or self.scan is not None or self.before.failing_since is not None

    async def _probe(self) -> None:
        found = await self.connector.probe()
        self.context.probed[self.options.key] = self.started
        text = orjson.dumps(asdict(found), default=str).decode()
        async with self.context.database.write() as connection:
            if self.before.capabilities != text:  # references may mean something else now
                await touched.mark_everything(connection)
            await sources.change(connection, self.options.key, capabilities=text)
            if self.scan is not None and self.since is None:
                await sources.begin_scan(connection, self.options.key, self.scan)
                await sources.change(connection, self.options.key, manner=str(self.manner))
            await jobs.hold(connection, self.job)

    async def _store(self, drafts: Drafts) -> None:
        last = drafts.pages[-1]
        async with self.context.database.write() as connection:
            self.counts += await ingest_drafts(self.context, connection, drafts)
            checkpoint = orjson.dumps(last.checkpoint).decode()
            await sources.change(connection, self.options.key, checkpoint=checkpoint)
            await jobs.hold(connection, self.job)
            await syncs.change(connection, self.sync, total=last.total, **asdict(self.counts))
            if self.counts.changed:
                await revision.grow(connection)
        self.context.wake_delivery.set()
        if self.progress:
            self.progress(SyncProgress(self.options.key, self.counts.read, last.total))

    async def _complete(self) -> None:
        key, now = self.options.key, self.context.clock()
        async with self.context.database.write() as connection:
            held = await self._sweep(connection) if self.scan else self.before.suspected
            if self.before.failing_since or self.scan:  # what was held back may be decided now
                await touched.mark_everything(connection)
            await self._tell(connection, _DOUBT if held else None, now)
            values: dict[str, Any] = {"suspected": held, "scan": None, "last_delta": now}
            if self.scan:
                values |= {"last_full_scan": now, "complete": True}
            await sources.change(
                connection,
                key,
                state="failing" if held else "ok",
                error=str(_DOUBT) if held else None,
                error_reason=_DOUBT.reason if held else None,
                failing_since=(self.before.failing_since or now) if held else None,
                watermark=self.started,
                **values,
            )
            await jobs.hold(connection, self.job)
            await count_requests(self.context, connection, key)
            await revision.grow(connection)
        self.context.wake_delivery.set()
        log.info("source.read", source=key, **asdict(self.counts))

    async def _tell(self, connection: Connection, doubt: SourceError | None, now: float) -> None:
        if doubt and self.before.failing_since is None:
            event = source_event("source.failing", self.options, now, doubt)
        elif self.before.failing_since is not None and not doubt:
            event = source_event("source.recovered", self.options, now)
        else:
            return
        await publish(self.context, connection, [event])

    async def _sweep(self, connection: Connection) -> float | None:
        """Remove what a finished full scan did not meet.

        A scan that lacks too much waits for a second one, and only what both lack goes then. Answers
        the scan that is doubted.
        """
        key, scan = self.options.key, self.scan or 0.0
        missing = await self._missing(connection, scan)
        held: float | None = None
        total = await sources.count_items(connection, key)
        if len(missing) > total / 2 and total > FEW:
            first = self.before.suspected
            agreed = [] if first is None else await self._missing(connection, first)
            held = scan if len(agreed) < len(missing) else None
            log.warning("source.suspicious", source=key, missing=len(missing), total=total, held=bool(held))
            missing = agreed
        self.counts += Counts(changed=await remove(self.context, connection, key, missing))
        return held

    async def _missing(self, connection: Connection, scan: float) -> list[str]:
        """Items that no read met since then; one that could not be read was met."""
        known = await sources.get(connection, self.options.key)
        rejected = {one["key"] for one in orjson.loads(known.rejected)}
        if known.rejected_count > len(rejected):  # more than are listed: nobody can tell
            return []
        unseen = await items.unseen(connection, self.options.key, scan)
        return [item_id for item_id, name in unseen if name not in rejected]


_DOUBT = SourceError(
    "suspicious",
    "the last full scan lacked more than half of the items known before; "
    "they are kept until a second full scan agrees",
)
