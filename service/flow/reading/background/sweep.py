"""Ask a source for nothing but ids, and have read again what is no longer among them."""

import structlog

from service.flow.context import Context
from service.flow.reading.connecting import connector_of
from service.flow.reading.scan_end import FEW_ITEMS
from service.flow.reading.source_outcome import count_requests
from service.flow.unit_of_work import unit_of_work
from service.store.backlog import items
from service.store.process.jobs import Job
from service.store.sources import sources

log = structlog.get_logger()


async def sweep(context: Context, key: str, job: Job | None = None) -> int:
    """How many items are missing. Raises SourceError.

    Deletions, moves and new security levels tell no timestamp. What is missing is not removed here: it
    is announced and read by id first. Where more than half is missing, a full scan decides, which
    holds such a loss back until a second one agrees (faults.md, 8).
    """
    connector = connector_of(context, context.options_of(key))
    met_identities: set[str] = set()
    async for part in connector.identities():
        met_identities.update(part)
    async with unit_of_work(context, job) as work:
        stored_items = await items.identities(work.connection, key)
        there = {native_id for identity, native_id in stored_items if identity in met_identities}
        missing = {native_id for _, native_id in stored_items} - there
        await sources.change(work.connection, key, last_sweep=context.clock())
        if len(missing) > (len(missing) + len(there)) / 2 and len(missing) + len(there) > FEW_ITEMS:
            log.warning("source.suspicious", source=key, missing=len(missing), total=len(missing | there))
            work.enqueue("sync", f"sync:{key}", {"source": key, "full": True})
        else:
            work.announce(key, missing)
        await count_requests(context, work.connection, key)
    return len(missing)
