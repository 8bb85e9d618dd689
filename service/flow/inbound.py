"""Tracker webhooks: verified, stored once, and the items they name read again."""

from collections.abc import Mapping

from config.product import connector_kinds
from connectors.contract import Hook
from service.flow.context import Context
from service.flow.ingest import Counts, ingest
from service.flow.sync import connector_of, options_of
from service.store import inbound, items, jobs, revision, sources, touched
from service.store.engine import Connection

AT_ONCE = 100  # items re-read together


async def receive(
    context: Context, tracker: str, source: str, headers: Mapping[str, str], body: bytes
) -> None:
    """Store what a tracker announces; a delivery has one effect however often it comes.

    Raises KeyError for an unknown source, ForgedHook and MalformedHook (connectors.contract).
    """
    options = options_of(context, source)
    if options.type != tracker:
        raise KeyError(source)
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


async def read_announced(context: Context, source: str) -> int:
    """Read announced items as they are now; how many changed. Raises SourceError.

    What is announced but can no longer be read is gone (deleted, moved away or hidden).
    """
    options = options_of(context, source)
    connector = connector_of(context, options)
    changed = 0
    while True:
        async with context.database.read() as connection:
            told = await jobs.announced_items(connection, source, AT_ONCE)
        if not told:
            return changed
        wanted = [native_id for native_id, _ in told]
        asked = connector.requests
        page = await connector.read(wanted)
        async with context.database.write() as connection:
            counts = await ingest(context, connection, options, [page], context.clock())
            if not page.rejected:  # a record that cannot be read is not gone
                counts += await _remove_gone(
                    connection, source, wanted, {one.native_id for one in page.items}
                )
            await jobs.settle(connection, source, told)
            await sources.add_requests(connection, source, connector.requests - asked)
            if counts.changed:
                await revision.grow(connection)
        changed += counts.changed


async def _remove_gone(connection: Connection, source: str, wanted: list[str], found: set[str]) -> Counts:
    known = await items.of_source(connection, source, [one for one in wanted if one not in found])
    gone = await items.remove(connection, list(known.values()))
    await touched.mark(connection, gone)
    return Counts(changed=len(gone))
