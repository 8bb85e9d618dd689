"""Read one source into the backlog, page by page, each page with the checkpoint that follows it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

from config.check import setting
from config.product import connector_kinds
from connectors.contract import Checkpoint, Connector, Page, SourceError
from connectors.options import SourceOptions
from service.domain.event import Event
from service.flow.context import Context
from service.flow.ingest import Counts, ingest
from service.flow.publish import publish
from service.store import items, jobs, revision, sources, syncs
from service.store.engine import Connection

log = structlog.get_logger()

BATCH = 1000  # items per transaction
PROBE_EVERY = 3600.0  # seconds a source that reads well is taken for what it was
FEW = 10  # a source of so few items may well lose more than half of them


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


def options_of(context: Context, key: str) -> SourceOptions:
    """Raises KeyError for a source that is not in the product file."""
    return {options.key: options for options in context.product.sources}[key]


def connector_of(context: Context, options: SourceOptions) -> Connector:
    """One connector per source and process, opened when first needed."""
    if options.key not in context.connectors:
        kind = connector_kinds()[options.type]
        context.connectors[options.key] = kind.connect(options, setting(context.product))
    return context.connectors[options.key]


async def request_sync(context: Context, key: str, full: bool = False) -> str:
    """Have the worker read a source soon; the id of the run to follow (one under way is joined)."""
    options_of(context, key)
    async with context.database.write() as connection:
        found = await syncs.running(connection, key)
        if found is None or full:
            found = await syncs.begin(connection, key, full, context.clock())
            await jobs.enqueue(
                connection, "sync", f"sync:{key}", {"source": key, "sync": found, "full": full}
            )
    context.wake_worker.set()
    return found


async def sync_source(
    context: Context,
    key: str,
    full: bool = False,
    progress: Progress | None = None,
    sync: str | None = None,
) -> SyncResult:
    """Read a source now. A SourceError ends up in the result and on the source; others go on."""
    options = options_of(context, key)
    now = context.clock()
    async with context.database.write() as connection:
        run = sync or await syncs.begin(connection, key, full, now)
        before = await sources.get(connection, key)
        await sources.change(connection, key, state="syncing")
    reading = _Reading(context, options, run, before, full, progress)
    try:
        await reading.run()
    except SourceError as error:
        await (_wait if error.reason == "limited" else _fail)(context, options, before, run, error)
        return SyncResult(run, key, **asdict(reading.counts), error=str(error), retry_after=error.retry_after)
    return SyncResult(run, key, **asdict(reading.counts))


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
    ) -> None:
        self.context = context
        self.options = options
        self.sync = run
        self.before = before
        self.progress = progress
        self.counts = Counts()
        self.connector = connector_of(context, options)
        self.since: Checkpoint | None = orjson.loads(before.checkpoint) if before.checkpoint else None
        self.started = context.clock()
        self.scan: float | None = before.scan  # a full scan that was cut off goes on
        if full or self.since is None or self._is_scan_due():
            self.since, self.scan = None, self.started

    def _is_scan_due(self) -> bool:
        last = self.before.last_full_scan
        return last is not None and self.started - last > self.options.full_scan.total_seconds()

    async def run(self) -> None:
        requests = self.connector.requests
        if self._is_probe_due():
            await self._probe()
        batch: list[Page] = []
        async for page in self.connector.pages(self.since):
            batch.append(page)
            if sum(len(one.items) for one in batch) >= BATCH:
                await self._store(batch)
                batch = []
        if batch:
            await self._store(batch)
        await self._complete(self.connector.requests - requests)

    def _is_probe_due(self) -> bool:
        last = self.context.probed.get(self.options.key)
        is_fresh = last is not None and self.started - last < PROBE_EVERY
        return not is_fresh or self.scan is not None or self.before.failing_since is not None

    async def _probe(self) -> None:
        found = await self.connector.probe()
        self.context.probed[self.options.key] = self.started
        text = orjson.dumps(asdict(found), default=str).decode()
        async with self.context.database.write() as connection:
            await sources.change(connection, self.options.key, capabilities=text, scan=self.scan)

    async def _store(self, batch: list[Page]) -> None:
        async with self.context.database.write() as connection:
            seen = self.scan or self.started
            self.counts += await ingest(self.context, connection, self.options, batch, seen)
            checkpoint = orjson.dumps(batch[-1].checkpoint).decode()
            await sources.change(connection, self.options.key, checkpoint=checkpoint)
            await syncs.change(connection, self.sync, total=batch[-1].total, **asdict(self.counts))
            if self.counts.changed:
                await revision.grow(connection)
        if self.progress:
            self.progress(SyncProgress(self.options.key, self.counts.read, batch[-1].total))

    async def _complete(self, requests: int) -> None:
        key, now = self.options.key, self.context.clock()
        async with self.context.database.write() as connection:
            held = await self._sweep(connection) if self.scan else self.before.suspected
            values: dict[str, Any] = {"suspected": held, "scan": None, "last_delta": now}
            if self.scan:
                values |= {"last_full_scan": now, "complete": True}
            doubt = _DOUBT if held else None
            await sources.change(
                connection,
                key,
                state="failing" if doubt else "ok",
                error=doubt,
                error_reason="suspicious" if doubt else None,
                failing_since=(self.before.failing_since or now) if doubt else None,
                watermark=self.started,
                requests=self.before.requests + requests,
                **values,
            )
            if self.before.failing_since and not doubt:
                await publish(
                    self.context, connection, [_source_event("source.recovered", self.options, now)]
                )
            await revision.grow(connection)
        log.info("source.read", source=key, **asdict(self.counts))

    async def _sweep(self, connection: Connection) -> float | None:
        """Remove what a finished full scan did not meet; a scan that lacks too much waits for a second."""
        key, scan = self.options.key, self.scan or 0.0
        rejected = {one["key"] for one in orjson.loads((await sources.get(connection, key)).rejected)}
        unseen = await items.unseen(connection, key, scan)
        missing = [item_id for item_id, name in unseen if name not in rejected]
        total = await sources.count_items(connection, key)
        if len(missing) > total / 2 and total > FEW and self.before.suspected is None:
            log.warning("source.suspicious", source=key, missing=len(missing), total=total)
            return scan
        await items.remove(connection, missing)
        self.counts += Counts(changed=len(missing))
        return None


_DOUBT = (
    "the last full scan lacked more than half of the items known before; "
    "they are kept until a second full scan agrees"
)


async def _wait(context: Context, options: SourceOptions, before: Any, run: str, error: SourceError) -> None:
    """A used-up quota is no failure: what is known stays good, and the job comes back when it may."""
    async with context.database.write() as connection:
        state = before.state if before.state != "syncing" else "never" if before.last_delta is None else "ok"
        told = {"error": str(error), "error_reason": error.reason}
        await sources.change(connection, options.key, state=state, **told)
        await syncs.change(connection, run, state="failed", finished=context.clock(), error=str(error))
        await revision.grow(connection)
    log.info("source.limited", source=options.key, retry_after=error.retry_after)


async def _fail(context: Context, options: SourceOptions, before: Any, run: str, error: SourceError) -> None:
    now = context.clock()
    async with context.database.write() as connection:
        await sources.change(
            connection,
            options.key,
            state="failing",
            error=str(error),
            error_reason=error.reason,
            failing_since=before.failing_since or now,
        )
        await syncs.change(connection, run, state="failed", finished=now, error=str(error))
        if before.failing_since is None:
            await publish(context, connection, [_source_event("source.failing", options, now, error)])
        await revision.grow(connection)
    log.warning("source.failing", source=options.key, reason=error.reason, error=str(error))


def _source_event(kind: str, options: SourceOptions, now: float, error: SourceError | None = None) -> Event:
    teams = [options.team] if options.team else [route.team for route in options.route]
    data: dict[str, Any] = {"source": options.key, "at": datetime.fromtimestamp(now, UTC).isoformat()}
    if error:
        data |= {"reason": error.reason, "error": str(error)}
    return Event(type=kind, at=now, teams=tuple(dict.fromkeys(teams)), data=data)
