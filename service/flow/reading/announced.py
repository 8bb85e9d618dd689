"""Tracker webhooks: verified, stored once, and the items they name read again."""

import asyncio
from collections.abc import Mapping, Sequence

from config.product import connector_kinds
from connectors.contract import NO_ALIASES, Hook, Page
from service.errors import NotFound
from service.flow.context import Context
from service.flow.reading.connecting import connector_of
from service.flow.reading.ingest import ingest
from service.flow.reading.remove import remove
from service.flow.reading.source_outcome import count_requests
from service.flow.reading.transfers import ask_what_became, follow_transfers, follow_webhook
from service.flow.unit_of_work import Work, unit_of_work
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.naming.sites import read_sites
from service.store.process import jobs
from service.store.process.jobs import Job
from service.store.sources import inbound

ITEMS_AT_ONCE = 100  # re-read together
MOST_ROUNDS = 20  # reads before what changed is judged, although more is announced
GATHER_SECONDS = 0.3  # between them


async def receive(
    context: Context, tracker: str, source: str, headers: Mapping[str, str], body: bytes
) -> None:
    """Store what a tracker announces; a delivery has one effect however often it comes.

    Raises NotFound for an unknown source, ForgedHook and MalformedHook (connectors.contract).
    """
    options = context.options_of(source)
    if options.type != tracker:
        raise NotFound("source", source)
    async with context.database.read() as connection:
        aliases = (await read_sites(connection)).aliases.get(source, NO_ALIASES)
    hook = connector_kinds()[tracker].receive(options, headers, body, aliases)
    async with unit_of_work(context) as work:
        if await inbound.is_new(work.connection, source, hook.delivery, hook.event, context.clock()):
            await _act(work, source, hook)


async def _act(work: Work, source: str, hook: Hook) -> None:
    await follow_webhook(work, source, hook.moved)
    work.announce(source, [*hook.native_ids, *hook.deleted])
    if hook.rescan:
        work.enqueue("sync", f"sync:{source}", {"source": source})


async def read_announced(context: Context, source: str, job: Job | None = None) -> int:
    """Read announced items as they are now; how many changed. Raises SourceError, LeaseLostError.

    What is announced but can no longer be read is gone (deleted, moved away or hidden). A lone one is
    read at once; in a burst the next are gathered first.
    """
    changed = 0
    for _ in range(MOST_ROUNDS):
        announced = await _announced(context, source)
        if not announced:
            return changed
        changed += await _read(context, source, announced, job)
        if len(announced) < ITEMS_AT_ONCE and await _announced(context, source):
            await asyncio.sleep(GATHER_SECONDS)
    async with unit_of_work(context) as work:
        work.enqueue("read", f"read:{source}", {"source": source})
    return changed


async def _announced(context: Context, source: str) -> list[tuple[str, float]]:
    async with context.database.read() as connection:
        return await jobs.announced_items(connection, source, ITEMS_AT_ONCE)


async def _read(context: Context, source: str, announced: list[tuple[str, float]], job: Job | None) -> int:
    options = context.options_of(source)
    connector = connector_of(context, options)
    began = context.clock()
    wanted = [native_id for native_id, _ in announced]
    page = await connector.read(wanted)
    if not (page.items or page.rejected or page.restricted):
        await connector.probe()  # nothing at all is what an account sees that is no longer let in
    async with context.database.read() as connection:
        missing = await _gone(connection, source, wanted, page)
    became = await ask_what_became(context, source, missing)
    async with unit_of_work(context, job) as work:
        following = await follow_transfers(work, became)
        counts = await ingest(work, options, [page], began)
        gone = [one for one in await _gone(work.connection, source, wanted, page) if one in became]
        changed = counts.changed
        changed += await remove(work, source, [item_id for item_id in gone if item_id not in following])
        await jobs.settle(work.connection, source, announced)
        await count_requests(context, work.connection, source)
        if changed or following:
            work.change_answers()
    return changed


async def _gone(connection: Connection, source: str, wanted: Sequence[str], page: Page) -> list[str]:
    """Item ids. A record that cannot be read is not gone; where one has no name we know, nobody is."""
    met_ids = {item.native_id for item in page.items}
    missing = await items.of_source(connection, source, [one for one in wanted if one not in met_ids])
    there = [*page.restricted, *(item.identity for item in page.items)]
    present = set((await items.named(connection, there)).values())
    missing = {native_id: item_id for native_id, item_id in missing.items() if item_id not in present}
    keys = {key: item_id for item_id, key in await items.keys_of(connection, list(missing.values()))}
    unreadable = {keys.get(record.key) or missing.get(record.key) for record in page.rejected}
    if None in unreadable:
        return []
    return [item_id for item_id in missing.values() if item_id not in unreadable]
