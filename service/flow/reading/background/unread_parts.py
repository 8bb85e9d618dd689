"""Read, a few dozen items at a time, what earlier reads left out of them: the newest closed first."""

import structlog

from connectors.options import SourceOptions
from service.flow.context import Context
from service.flow.reading.connecting import connector_of
from service.flow.reading.ingest import ingest
from service.flow.reading.source_outcome import count_requests
from service.flow.unit_of_work import unit_of_work
from service.store.process.jobs import Job
from service.store.sources import unread_parts

log = structlog.get_logger()

ITEMS_AT_ONCE = 30
PAUSE_SECONDS = 2.0  # between two batches, where the source has no budget of its own
BUDGET_SHARE = 0.5  # of the requests that a source may make in an hour; the rest is for what changes
HOUR_SECONDS = 3600.0
BACKOFF_SECONDS = (3600.0, 6 * 3600.0, 86400.0, 7 * 86400.0)  # after a part that could not be read


async def read_unread_parts(context: Context, source: str, job: Job | None = None) -> float | None:
    """One batch; seconds until the next, None when nothing is due. Raises SourceError, LeaseLostError.

    Items that cannot be found any more are announced: reading them by name decides what became of them.
    """
    options = context.options_of(source)
    connector = connector_of(context, options)
    began = context.clock()
    async with context.database.read() as connection:
        waiting = await unread_parts.due(connection, source, began, ITEMS_AT_ONCE)
    if not waiting:
        return None
    before = connector.requests
    page = await connector.read([one.native_id for one in waiting])
    used = connector.requests - before
    met_ids = {item.native_id for item in page.items}
    async with unit_of_work(context, job) as work:
        await ingest(work, options, [page], began)
        unread = await unread_parts.of_items(work.connection, [one.item for one in waiting])
        for unread_item in waiting:
            if unread_item.item in unread:
                pause = BACKOFF_SECONDS[min(unread_item.tried, len(BACKOFF_SECONDS) - 1)]
                await unread_parts.postpone(work.connection, [unread_item.item], began + pause)
        work.announce(
            source, [unread_item.native_id for unread_item in waiting if unread_item.native_id not in met_ids]
        )
        await count_requests(context, work.connection, source)
        work.change_answers()
    log.info("parts.read", source=source, items=len(waiting), still_unread=len(unread))
    return _pause(options, used)


def _pause(options: SourceOptions, requests: int) -> float:
    """As long as the requests just made take, when they are spread over the hour that is ours."""
    if options.max_requests_per_hour is None:
        return PAUSE_SECONDS
    return max(PAUSE_SECONDS, requests * HOUR_SECONDS / (options.max_requests_per_hour * BUDGET_SHARE))
