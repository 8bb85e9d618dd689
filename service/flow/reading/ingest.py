"""Store what a connector read: one transaction for the items and the checkpoint that follows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from connectors.contract import Page
from connectors.item import Rejected, TrackerItem
from connectors.options import SourceOptions
from service.flow.context import Context
from service.flow.reading.rows.draft import Draft, Drafts, drafted
from service.flow.reading.rows.item_row import cleaned
from service.flow.reading.rows.kept_parts import with_kept_parts
from service.flow.reading.rows.observed_changes import keep_changes
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

SETTLED_DAYS = 30  # so long after it closed nothing is judged of an item any more


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
    before: items.Stored | None


async def ingest(work: Work, options: SourceOptions, pages: Sequence[Page], seen: float) -> Counts:
    """Store the pages' items, met at ``seen``: a full scan that began later than that has missed them."""
    return await ingest_drafts(work, drafted(options, pages, seen, work.context.clock()))


async def ingest_drafts(work: Work, drafts: Drafts) -> Counts:
    connection, now = work.connection, work.context.clock()
    options, pages, seen = drafts.options, drafts.pages, drafts.seen
    incoming, rejected = await _identified(work.context, connection, drafts)
    rejected.extend(record for page in pages for record in page.rejected)
    changed = [one for one in incoming if one.before is None or one.before.hash != one.row["hash"]]
    same = [one.row["id"] for one in incoming if one.before and one.before.hash == one.row["hash"]]
    await _announce_other_ends(work, changed)
    await _save(connection, changed)
    await items.mark_seen(connection, same, seen)
    unread = {one.row["id"]: one.item.unread for one in incoming}
    await unread_parts.replace(connection, options.key, unread, _settled(work.context, incoming), now)
    ids = [one.row["id"] for one in changed]
    work.touch({*ids, *await restate(connection, options.key, ids, _statements(changed))})
    await keep_changes(work, [(one.row, one.before) for one in changed if one.before], pages)
    hidden = await _hide(work, options.key, pages)
    await _note_honesty(work, options.key, pages, rejected, [one.item.key for one in incoming])
    return Counts(len(drafts.newest) + len(rejected), len(changed) + hidden, len(rejected))


def _settled(context: Context, incoming: Sequence[Incoming]) -> set[str]:
    """Ids of those that closed long ago and have not changed since: their parts are read once."""
    since = (context.today - timedelta(days=SETTLED_DAYS)).isoformat()
    return {
        one.row["id"]
        for one in incoming
        if one.before and one.before.hash == one.row["hash"] and (one.row["closed_on"] or since) < since
    }


async def _identified(
    context: Context, connection: Connection, drafts: Drafts
) -> tuple[list[Incoming], list[Rejected]]:
    source = drafts.options.key
    ids = await items.named(connection, list(drafts.newest))
    before = await items.stored(connection, list(ids.values()))
    values = await _kept_values(connection, drafts, ids)
    incoming: list[Incoming] = []
    rejected: list[Rejected] = []
    for identity, (item, usual) in drafts.newest.items():
        item_id = ids.get(identity) or drafts.usual_id(item)
        stored_before = before.get(item_id)
        if stored_before and (
            _is_stale(stored_before, item, drafts.seen) or not _ours(context, stored_before, item, source)
        ):
            continue
        whole = with_kept_parts(item, values[item_id]) if item_id in values else item
        try:
            incoming.append(Incoming(*_draft(drafts, whole, item_id, usual), stored_before))
        except ValueError as error:
            rejected.append(Rejected(cleaned(item.key), str(error)))
    return incoming, rejected


async def _kept_values(
    connection: Connection, drafts: Drafts, ids: Mapping[str, str]
) -> dict[str, KeptValues]:
    """By id, of items that come without some of their parts, what is stored of them."""
    coming = [(identity, item) for identity, (item, _) in drafts.newest.items() if item.unread]
    return await kept_values(connection, [ids[identity] for identity, _ in coming if identity in ids])


def _draft(drafts: Drafts, item: TrackerItem, item_id: str, usual: Draft | ValueError) -> Draft:
    """Raises ValueError for what cannot be stored."""
    if isinstance(usual, ValueError):
        raise usual
    is_usual = item is usual.item and item_id == drafts.usual_id(item)
    return usual if is_usual else drafts.draft(item, item_id)


def _is_stale(before: items.Stored, item: TrackerItem, seen: float) -> bool:
    """It was read again, and newer, since this read began (faults.md, 33)."""
    return before.seen > seen and before.updated > item.updated.timestamp()


def _ours(context: Context, before: items.Stored, item: TrackerItem, source: str) -> bool:
    """An item selected by two sources belongs to the first; one that was moved belongs to its new one."""
    if before.source == source or before.key != item.key:
        return True
    order = [options.key for options in context.product.sources]
    return before.source not in order or order.index(source) < order.index(before.source)


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
        known=[one.row["id"] for one in changed if one.before],
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
    known_ids = [one.row["id"] for one in changed if one.before]
    before = await items.native_links(connection, known_ids)
    refs: set[str] = set()
    for incoming in changed:
        if incoming.before:
            now = {(link.relation, link.ref) for link in incoming.item.links if link.origin == "native"}
            refs.update(ref for _, ref in now ^ before.get(incoming.row["id"], set()))
    ends = set((await items.named(connection, sorted(refs))).values()) - {one.row["id"] for one in changed}
    for source, native_id in await items.places(connection, sorted(ends)):
        work.announce(source, [native_id])


async def _hide(work: Work, source: str, pages: Sequence[Page]) -> int:
    """Items that have become restricted leave the backlog at once (rulebook, Restricted items).

    But for those of another source that includes them.
    """
    connection = work.connection
    hidden = [identity for page in pages for identity in page.restricted]
    shown = [ref for page in pages for item in page.items for ref in (item.identity, item.name)]
    await restricted.show(connection, shown)
    names = await items.named(connection, hidden)
    stored_items = await items.stored(connection, list(names.values()))
    including = {one.key for one in work.context.product.sources if one.include_restricted} - {source}
    staying = {item_id for item_id, one in stored_items.items() if one.source in including}
    leaving = [item_id for item_id in names.values() if item_id not in staying]
    leaving_refs = [identity for identity in hidden if names.get(identity) not in staying]
    await restricted.add(connection, [*leaving_refs, *await item_names.names_of(connection, leaving)])
    spoken_of = await restate(connection, source, leaving, [])
    removed = await items.remove(connection, leaving)
    await unread_parts.forget(connection, removed)
    await redact(work.context, connection, set(removed))
    work.touch({*removed, *spoken_of})
    return len(removed)


async def _note_honesty(
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
