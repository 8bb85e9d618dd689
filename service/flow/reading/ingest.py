"""Store what a connector read: one transaction for the items and the checkpoint that follows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from connectors.contract import Page
from connectors.item import Rejected, TrackerItem
from connectors.options import SourceOptions
from service.flow.context import Context
from service.flow.reading.rows.draft import Draft, Drafts, drafted
from service.flow.reading.rows.item_row import cleaned
from service.flow.reading.rows.kept_parts import with_kept_parts
from service.flow.reading.rows.observed_changes import notice
from service.flow.reading.rows.redact import redact
from service.flow.reading.rows.restate import restate
from service.flow.unit_of_work import Work
from service.store.backlog import items
from service.store.backlog.kept_values import KeptValues, kept_values
from service.store.database.engine import Connection
from service.store.dependencies.statements import Statement
from service.store.naming import item_names, look_ups, restricted
from service.store.naming.sites import read_sites
from service.store.sources import sources, unread_parts
from service.store.sources.rejected_records import RejectedRecord, add_honesty


@dataclass(frozen=True, slots=True)
class Counts:
    read: int = 0
    changed: int = 0
    rejected: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.read + other.read, self.changed + other.changed, self.rejected + other.rejected)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An item as it was read, as it will be stored, and as it was stored before."""

    item: TrackerItem
    row: dict[str, Any]
    known: items.Stored | None


async def ingest(work: Work, options: SourceOptions, pages: Sequence[Page], seen: float) -> Counts:
    """Store the pages' items, met at ``seen``: a full scan that began later than that has missed them."""
    return await ingest_drafts(work, drafted(options, pages, seen, work.context.clock()))


async def ingest_drafts(work: Work, drafts: Drafts) -> Counts:
    context, connection = work.context, work.connection
    options, pages, seen = drafts.options, drafts.pages, drafts.seen
    incoming, rejected = await _identified(context, connection, drafts)
    rejected.extend(record for page in pages for record in page.rejected)
    changed = [one for one in incoming if one.known is None or one.known.hash != one.row["hash"]]
    same = [one.row["id"] for one in incoming if one.known and one.known.hash == one.row["hash"]]
    await _announce_other_ends(work, changed)
    await _save(connection, changed)
    await items.mark_seen(connection, same, seen)
    unread = {one.row["id"]: one.item.unread for one in incoming}
    await unread_parts.replace(connection, options.key, unread, context.clock())
    spoken_of = await restate(
        connection, options.key, [one.row["id"] for one in changed], _statements(changed)
    )
    work.touch({one.row["id"] for one in changed} | spoken_of)
    await notice(work, [(one.row, one.known) for one in changed if one.known], pages)
    gone = await _hide(work, options.key, pages)
    await _note(work, options.key, pages, rejected, [one.item.key for one in incoming])
    return Counts(len(drafts.found) + len(rejected), len(changed) + gone, len(rejected))


async def _identified(
    context: Context, connection: Connection, drafts: Drafts
) -> tuple[list[Incoming], list[Rejected]]:
    source = drafts.options.key
    ids = await items.named(connection, list(drafts.found))
    before = await items.stored(connection, list(ids.values()))
    kept = await _kept_values(connection, drafts, ids)
    incoming: list[Incoming] = []
    rejected: list[Rejected] = []
    for identity, (item, usual) in drafts.found.items():
        item_id = ids.get(identity) or drafts.usual_id(item)
        known = before.get(item_id)
        if known and (_is_stale(known, item, drafts.seen) or not _ours(context, known, item, source)):
            continue
        whole = with_kept_parts(item, kept[item_id]) if item_id in kept else item
        try:
            incoming.append(Incoming(*_draft(drafts, whole, item_id, usual), known))
        except ValueError as error:
            rejected.append(Rejected(cleaned(item.key), str(error)))
    return incoming, rejected


async def _kept_values(
    connection: Connection, drafts: Drafts, ids: Mapping[str, str]
) -> dict[str, KeptValues]:
    """By id, of items that come without some of their parts, what is stored of them."""
    coming = [(identity, item) for identity, (item, _) in drafts.found.items() if item.unread]
    return await kept_values(connection, [ids[identity] for identity, _ in coming if identity in ids])


def _draft(drafts: Drafts, item: TrackerItem, item_id: str, usual: Draft | ValueError) -> Draft:
    """Raises ValueError for what cannot be stored."""
    if isinstance(usual, ValueError):
        raise usual
    is_usual = item is usual.item and item_id == drafts.usual_id(item)
    return usual if is_usual else drafts.draft(item, item_id)


def _is_stale(known: items.Stored, item: TrackerItem, seen: float) -> bool:
    """It was read again, and newer, since this read began (faults.md, 33)."""
    return known.seen > seen and known.updated > item.updated.timestamp()


def _ours(context: Context, known: items.Stored, item: TrackerItem, source: str) -> bool:
    """An item selected by two sources belongs to the first; one that was moved belongs to its new one."""
    if known.source == source or known.key != item.key:
        return True
    order = [options.key for options in context.product.sources]
    return known.source not in order or order.index(source) < order.index(known.source)


async def _save(connection: Connection, changed: Sequence[Incoming]) -> None:
    await items.save(
        connection,
        rows=[one.row for one in changed],
        names=await _names(connection, changed),
        links=[
            {
                "item": one.row["id"],
                "relation": link.relation,
                "ref": link.ref,
                "origin": link.origin,
                "words": link.words,
                "name": link.name,
            }
            for one in changed
            for link in one.item.links
            if link.subject is None
        ],
        raw=((one.row["id"], one.item.raw) for one in changed),
        known=[one.row["id"] for one in changed if one.known],
    )


async def _names(connection: Connection, changed: Sequence[Incoming]) -> list[tuple[str, str]]:
    """What the items are called, after older names of their project too, and what is said to lead there."""
    own = {ref: one.row["id"] for one in changed for ref in (one.item.identity, one.item.name)}
    sites = await read_sites(connection)
    older = {ref: one.row["id"] for one in changed for ref in sites.older_names(one.item.name)}
    leading = await look_ups.leading_to(connection, [one.item.identity for one in changed])
    return list(({ref: own[identity] for ref, identity in leading} | older | own).items())


def _statements(changed: Sequence[Incoming]) -> list[Statement]:
    return [
        Statement(one.row["id"], link.subject, link.relation, link.ref, link.words)
        for one in changed
        for link in one.item.links
        if link.subject is not None
    ]


async def _announce_other_ends(work: Work, changed: Sequence[Incoming]) -> None:
    """A link stands on both its ends, but trackers may tell of one only: the other is read again."""
    connection = work.connection
    known = [one.row["id"] for one in changed if one.known]
    before = await items.native_links(connection, known)
    refs: set[str] = set()
    for one in changed:
        if one.known:
            now = {(link.relation, link.ref) for link in one.item.links if link.origin == "native"}
            refs.update(ref for _, ref in now ^ before.get(one.row["id"], set()))
    ends = set((await items.named(connection, sorted(refs))).values()) - {one.row["id"] for one in changed}
    for source, native_id in await items.places(connection, sorted(ends)):
        work.announce(source, [native_id])


async def _hide(work: Work, source: str, pages: Sequence[Page]) -> int:
    """Items that have become restricted leave the backlog at once (rulebook, Restricted items).

    But for those of another source that includes them.
    """
    context, connection = work.context, work.connection
    hidden = [identity for page in pages for identity in page.restricted]
    shown = [ref for page in pages for item in page.items for ref in (item.identity, item.name)]
    await restricted.show(connection, shown)
    names = await items.named(connection, hidden)
    await restricted.add(connection, [*hidden, *await item_names.names_of(connection, names.values())])
    named = await items.stored(connection, list(names.values()))
    including = {one.key for one in context.product.sources if one.include_restricted} - {source}
    known = [item_id for item_id, one in named.items() if one.source not in including]
    spoken_of = await restate(connection, source, known, [])
    found = await items.remove(connection, known)
    await unread_parts.forget(connection, found)
    await redact(context, connection, set(found))
    work.touch({*found, *spoken_of})
    return len(found)


async def _note(
    work: Work,
    source: str,
    pages: Sequence[Page],
    rejected: Sequence[Rejected],
    readable: Sequence[str],
) -> None:
    connection, now = work.connection, work.context.clock()
    unmapped: dict[str, list[str]] = {}
    for page in pages:
        for name, words in page.unmapped.items():
            unmapped.setdefault(name, []).extend(words)
    listed = [RejectedRecord(record.key, record.reason) for record in rejected]
    await add_honesty(connection, source, listed, readable, unmapped, now)
    documents = [page.definition_of_done for page in pages if page.definition_of_done is not None]
    if documents:
        lines = orjson.dumps(list(documents[-1])).decode()
        if (await sources.get(connection, source)).definition_of_done != lines:
            await sources.change(connection, source, definition_of_done=lines)
            work.touch_everything()
