"""Store what a connector read: one transaction for the items and the checkpoint that follows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from connectors.contract import Page
from connectors.item import Rejected, TrackerItem
from connectors.options import SourceOptions
from service.flow.context import Context
from service.flow.record import moment, route, row
from service.store import items, sources
from service.store.engine import Connection


@dataclass(frozen=True, slots=True)
class Counts:
    read: int = 0
    changed: int = 0
    rejected: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.read + other.read, self.changed + other.changed, self.rejected + other.rejected)


@dataclass(frozen=True, slots=True)
class _Incoming:
    item: TrackerItem
    row: dict[str, Any]
    known: items.Stored | None


async def ingest(
    context: Context, connection: Connection, options: SourceOptions, pages: Sequence[Page], scan: float
) -> Counts:
    """Store the pages' items; ``scan`` marks them as met by the scan that began then."""
    newest = {item.identity: item for page in pages for item in page.items}
    incoming, rejected = await _identified(context, connection, options, list(newest.values()), scan)
    rejected.extend(record for page in pages for record in page.rejected)
    changed = [one for one in incoming if one.known is None or one.known.hash != one.row["hash"]]
    same = [one.row["id"] for one in incoming if one.known and one.known.hash == one.row["hash"]]
    await _save(connection, changed)
    if scan and same:
        await items.mark_seen(connection, same, scan)
    gone = await _hide(connection, pages)
    await _note(connection, options.key, pages, rejected, [one.item.key for one in incoming])
    return Counts(len(newest) + len(rejected), len(changed) + gone, len(rejected))


async def _identified(
    context: Context,
    connection: Connection,
    options: SourceOptions,
    found: Sequence[TrackerItem],
    scan: float,
) -> tuple[list[_Incoming], list[Rejected]]:
    ids = await items.named(connection, [item.identity for item in found])
    before = await items.stored(connection, list(ids.values()))
    incoming: list[_Incoming] = []
    rejected: list[Rejected] = []
    synced = moment(context.clock())
    for item in found:
        item_id = ids.get(item.identity) or f"{options.key}:{item.native_id}"
        known = before.get(item_id)
        if known and not _ours(context, known, item, options.key):
            continue
        try:
            stored = row(item, item_id, route(item, options), options.key, scan, synced)
        except ValueError as error:
            rejected.append(Rejected(item.key, str(error)))
            continue
        incoming.append(_Incoming(item, stored, known))
    return incoming, rejected


def _ours(context: Context, known: items.Stored, item: TrackerItem, source: str) -> bool:
    """An item selected by two sources belongs to the first; one that was moved belongs to its new one."""
    if known.source == source or known.key != item.key:
        return True
    order = [options.key for options in context.product.sources]
    return known.source not in order or order.index(source) < order.index(known.source)


async def _save(connection: Connection, changed: Sequence[_Incoming]) -> None:
    await items.save(
        connection,
        rows=[one.row for one in changed],
        names=[(ref, one.row["id"]) for one in changed for ref in (one.item.identity, one.item.name)],
        links=[
            {
                "item": one.row["id"],
                "relation": link.relation,
                "ref": link.ref,
                "origin": link.origin,
                "words": link.words,
            }
            for one in changed
            for link in one.item.links
        ],
        raw=((one.row["id"], orjson.dumps(one.item.raw, default=str)) for one in changed),
        known=[one.row["id"] for one in changed if one.known],
    )


async def _hide(connection: Connection, pages: Sequence[Page]) -> int:
    """Items that have become restricted leave the backlog at once (rulebook, Restricted items)."""
    restricted = [identity for page in pages for identity in page.restricted]
    found = await items.named(connection, restricted)
    await items.remove(connection, list(found.values()))
    return len(found)


async def _note(
    connection: Connection,
    source: str,
    pages: Sequence[Page],
    rejected: Sequence[Rejected],
    readable: Sequence[str],
) -> None:
    unmapped: dict[str, list[str]] = {}
    for page in pages:
        for name, words in page.unmapped.items():
            unmapped.setdefault(name, []).extend(words)
    listed = [{"key": record.key, "reason": record.reason} for record in rejected]
    await sources.add_honesty(connection, source, listed, readable, unmapped)
    for page in pages:
        if page.definition_of_done is not None:
            lines = orjson.dumps(list(page.definition_of_done)).decode()
            await sources.change(connection, source, definition_of_done=lines)
