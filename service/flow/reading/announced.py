"""Tracker webhooks: verified, stored once, and the items they name read again."""

import asyncio
from collections.abc import Mapping, Sequence

from config.product import connector_kinds
from connectors.contract import Hook, Page
from service.errors import NotFound
from service.flow.context import Context
from service.flow.reading.connecting import connector_of
from service.flow.reading.ingest import ingest
from service.flow.reading.remove import remove
from service.flow.reading.source_outcome import count_requests
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.process import jobs, revision
from service.store.process.jobs import Job
from service.store.sources import inbound

AT_ONCE = 100  # items re-read together
ROUNDS = 20  # reads before what changed is judged, although more is announced
GATHER = 0.3  # seconds between them


async def receive(
    context: Context, tracker: str, source: str, headers: Mapping[str, str], body: bytes
) -> None:
    """Store what a tracker announces; a delivery has one effect however often it comes.

    Raises NotFound for an unknown source, ForgedHook and MalformedHook (connectors.contract).
    """
    options = context.options_of(source)
    if options.type != tracker:
        raise NotFound("source", source)
    hook = connector_kinds()[tracker].receive(options, headers, body)
    async with context.database.write() as connection:
        if await inbound.is_new(connection, source, hook.delivery, hook.event, context.clock()):
            await _act(context, connection, source, hook)
    context.wake_worker.set()


async def _act(context: Context, connection: Connection, source: str, hook: Hook) -> None:
    named = [*hook.native_ids, *hook.deleted]
    if named:
        await jobs.announce(connection, source, named, context.clock())
        await jobs.enqueue(connection, "read", f"read:{source}", {"source": source})
    if hook.rescan:
        await jobs.enqueue(connection, "sync", f"sync:{source}", {"source": source})


async def read_announced(context: Context, source: str, job: Job | None = None) -> int:
    """Read announced items as they are now; how many changed. Raises SourceError, LeaseLostError.

    What is announced but can no longer be read is gone (deleted, moved away or hidden). A lone one is
    read at once; in a burst the next are gathered first.
    """
    changed = 0
    for _ in range(ROUNDS):
        told = await _told(context, source)
        if not told:
            return changed
        changed += await _read(context, source, told, job)
        if len(told) < AT_ONCE and await _told(context, source):
            await asyncio.sleep(GATHER)
    async with context.database.write() as connection:
        await jobs.enqueue(connection, "read", f"read:{source}", {"source": source})
    return changed


async def _told(context: Context, source: str) -> list[tuple[str, float]]:
    async with context.database.read() as connection:
        return await jobs.announced_items(connection, source, AT_ONCE)


async def _read(context: Context, source: str, told: list[tuple[str, float]], job: Job | None) -> int:
    options = context.options_of(source)
    connector = connector_of(context, options)
    began = context.clock()
    wanted = [native_id for native_id, _ in told]
    page = await connector.read(wanted)
    if not (page.items or page.rejected or page.restricted):
        await connector.probe()  # nothing at all is what an account sees that is no longer let in
    async with context.database.write() as connection:
        counts = await ingest(context, connection, options, [page], began)
        gone = await _gone(connection, source, wanted, page)
        changed = counts.changed + await remove(context, connection, source, gone)
        await jobs.settle(connection, source, told)
        await jobs.hold(connection, job)
        await count_requests(context, connection, source)
        if changed:
            await revision.grow(connection)
    context.wake_delivery.set()
    return changed


async def _gone(connection: Connection, source: str, wanted: Sequence[str], page: Page) -> list[str]:
    """A record that cannot be read is not gone; where one has no name we know, nobody is."""
    found = {one.native_id for one in page.items}
    known = await items.of_source(connection, source, [one for one in wanted if one not in found])
    unreadable = {record.key for record in page.rejected}
    keys = {key: item_id for item_id, key in await items.keys_of(connection, list(known.values()))}
    kept = {keys.get(name) or known.get(name) for name in unreadable}
    if None in kept:
        return []
    return [item_id for item_id in known.values() if item_id not in kept]
