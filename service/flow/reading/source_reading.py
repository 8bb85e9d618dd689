"""One run over one source: a batch after the other, each stored with the checkpoint that follows it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field

import orjson
import structlog

from connectors.contract import Connector, Page
from connectors.options import SourceOptions
from service.flow.context import Context
from service.flow.reading.batches import batches, closing, kept_pages
from service.flow.reading.connecting import connector_of
from service.flow.reading.ingest import Counts, ingest_drafts
from service.flow.reading.read_plan import ReadPlan, ReadState, Reread, plan_read
from service.flow.reading.rows.draft import Drafts, drafted
from service.flow.reading.scan_end import NothingMissing, ScanEnd
from service.flow.reading.source_digest import SourceDigest, digest_of, stored_digest
from service.flow.reading.source_outcome import count_requests, tell_outcome
from service.flow.unit_of_work import unit_of_work
from service.store.database.engine import Connection
from service.store.naming import item_names
from service.store.naming.sites import Sites
from service.store.process.jobs import Job
from service.store.sources import rejected_records, sources, syncs
from service.store.sources.sources import SourceRow

log = structlog.get_logger()

PROBE_SECONDS = 3600.0  # so long a source that reads well is taken for what it was


@dataclass(frozen=True, slots=True)
class SyncProgress:
    source: str
    read: int
    total: int | None


Progress = Callable[[SyncProgress], None]


@dataclass(slots=True)
class SourceReading:
    """``before`` is the source as the run found it; ``counts`` grow as it goes on."""

    context: Context
    options: SourceOptions
    sync: str
    before: SourceRow
    progress: Progress | None
    job: Job | None
    connector: Connector
    started: float
    digest: SourceDigest
    plan: ReadPlan
    counts: Counts = field(default_factory=Counts)

    @classmethod
    def planned(
        cls,
        context: Context,
        options: SourceOptions,
        run: str,
        before: SourceRow,
        progress: Progress | None,
        job: Job | None,
        *,
        is_full_wanted: bool,
    ) -> "SourceReading":
        now, digest = context.clock(), digest_of(context.product, options)
        state = ReadState(
            checkpoint=orjson.loads(before.checkpoint) if before.checkpoint else None,
            scan=before.scan,
            is_complete=before.complete,
            suspected=before.suspected,
            last_full_scan=before.last_full_scan,
            digest=stored_digest(before.digest),
        )
        scan_seconds = options.full_scan.total_seconds()
        plan = plan_read(state, digest, now, scan_seconds, is_full_wanted=is_full_wanted)
        connector = connector_of(context, options)
        return cls(context, options, run, before, progress, job, connector, now, digest, plan)

    async def run(self) -> None:
        if self._is_probe_due():
            await self._probe()
        if isinstance(self.plan, Reread):
            await self._reread()
        async with closing(self.connector.pages(self.plan.checkpoint)) as pages:
            await self._store_all(batches(pages))
        await self._complete()

    def _is_probe_due(self) -> bool:
        last = self.context.probed.get(self.options.key)
        is_fresh = last is not None and self.started - last < PROBE_SECONDS
        return not is_fresh or self.plan.scan is not None or self.before.failing_since is not None

    async def _probe(self) -> None:
        capabilities = await self.connector.probe()
        key = self.options.key
        self.context.probed[key] = self.started
        text = orjson.dumps(asdict(capabilities), default=str).decode()
        async with unit_of_work(self.context, self.job) as work:
            if self._sites(self.before.capabilities) != self._sites(text):
                work.touch_everything()  # references may mean something else now
                await self._add_older_names(work.connection, text)
            await sources.change(work.connection, key, capabilities=text)
            if self.plan.scan is not None and self.plan.checkpoint is None:
                await sources.begin_scan(work.connection, key, self.plan.scan)
                await sources.change(work.connection, key, digest=str(self.digest))

    def _sites(self, capabilities: str | None) -> Sites:
        return Sites.of([(self.options.key, capabilities)])

    async def _add_older_names(self, connection: Connection, capabilities: str) -> None:
        """Of what is stored already; what is read from here on comes with them."""
        aliases = self._sites(capabilities).aliases[self.options.key]
        for older, prefix in sorted(aliases.items()):
            await item_names.add_older_names(connection, older, prefix)

    async def _reread(self) -> None:
        """The answers that are kept, as the product file has them understood now."""
        key = self.options.key
        async with self.context.database.write() as connection:
            await sources.change(connection, key, unmapped="{}")
        async with self.context.database.read() as connection:
            rejected = await rejected_records.keys(connection, key)
        async for batch in batches(kept_pages(self.context, self.connector, key, rejected)):
            drafts = drafted(self.options, batch, self.started, self.context.clock())
            async with unit_of_work(self.context, self.job) as work:
                self.counts += await ingest_drafts(work, drafts)
        async with unit_of_work(self.context) as work:
            await sources.change(work.connection, key, digest=str(self.digest))
            work.change_answers()

    async def _store_all(self, batches: AsyncIterator[list[Page]]) -> None:
        """One batch is stored while the next is read; what was read before an error is stored too."""
        storing: asyncio.Task[None] | None = None
        seen = self.plan.scan or self.started
        try:
            async for batch in batches:
                drafts = drafted(self.options, batch, seen, self.context.clock())
                if storing is not None:
                    await storing
                storing = asyncio.create_task(self._store(drafts))
        finally:
            if storing is not None:
                await storing

    async def _store(self, drafts: Drafts) -> None:
        last = drafts.pages[-1]
        async with unit_of_work(self.context, self.job) as work:
            self.counts += await ingest_drafts(work, drafts)
            checkpoint = orjson.dumps(last.checkpoint).decode()
            await sources.change(work.connection, self.options.key, checkpoint=checkpoint)
            await syncs.change(work.connection, self.sync, total=last.total, **asdict(self.counts))
        if self.progress:
            self.progress(SyncProgress(self.options.key, self.counts.read, last.total))

    async def _complete(self) -> None:
        key, now = self.options.key, self.context.clock()
        end: ScanEnd | NothingMissing = NothingMissing(self.before.suspected)
        if self.plan.scan is not None:
            end = await ScanEnd.of(self.context, key, self.plan.scan, self.before.suspected)
        async with unit_of_work(self.context, self.job) as work:
            self.counts += Counts(changed=await end.remove_missing(work))
            if self.before.failing_since or self.plan.scan:  # what was held back may be decided now
                work.touch_everything()
            tell_outcome(work, self.options, self.before, end.doubt)
            await sources.change(work.connection, key, scan=None, last_delta=now, watermark=self.started)
            await sources.change(work.connection, key, suspected=end.suspected, **self._standing(end, now))
            await count_requests(self.context, work.connection, key)
            work.change_answers()
        log.info("source.read", source=key, **asdict(self.counts))

    def _standing(self, end: ScanEnd | NothingMissing, now: float) -> dict[str, object]:
        scanned = {"last_full_scan": now, "complete": True} if self.plan.scan else {}
        if end.doubt is None:
            return scanned | {"state": "ok", "error": None, "error_reason": None, "failing_since": None}
        return scanned | {
            "state": "failing",
            "error": str(end.doubt),
            "error_reason": end.doubt.reason,
            "failing_since": self.before.failing_since or now,
        }
