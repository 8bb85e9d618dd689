"""The stored backlog: items, their names, their links, their trackers' own answers."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

import zstandard
from sqlalchemy import delete, or_, select, update

from connectors.reference import IS_MILESTONE, IS_NATIVE_ID, IS_NUMBERED
from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, insert, upsert
from service.store.database.engine import Connection
from service.store.naming import item_names
from service.store.tables import ANALYSED_COLUMNS, item, item_raw, link, reference, statement

READ_COLUMNS = [column.name for column in item.c if column.name not in ANALYSED_COLUMNS]


class Stored(NamedTuple):
    """An item as the last read left it."""

    source: str
    key: str
    hash: bytes
    team: str
    kind: str
    state: str
    priority: int | None
    start: str | None
    due: str | None
    rank: str | None
    updated: float
    seen: float


_IS_IDENTITY = or_(
    reference.c.ref.like(IS_NATIVE_ID) & reference.c.ref.not_like(IS_NUMBERED),
    reference.c.ref.like(IS_MILESTONE),
)


_STORED = [getattr(item.c, name) for name in Stored._fields]


async def named(connection: Connection, refs: Sequence[str]) -> dict[str, str]:
    """Which of these references attune knows, and the item each one means."""
    ids: dict[str, str] = {}
    for part in chunks(refs):
        query = select(reference.c.ref, reference.c.item).where(reference.c.ref.in_(part))
        ids.update((row[0], row[1]) for row in await connection.execute(query))
    return ids


async def stored(connection: Connection, ids: Sequence[str]) -> dict[str, Stored]:
    """Nobody else writes them until the transaction ends; taken in one order by all."""
    stored_items: dict[str, Stored] = {}
    for part in chunks(sorted(ids)):
        query = select(item.c.id, *_STORED).where(item.c.id.in_(part)).order_by(item.c.id).with_for_update()
        stored_items.update((row[0], Stored._make(row[1:])) for row in await connection.execute(query))
    return stored_items


async def save(
    connection: Connection,
    rows: Sequence[dict[str, Any]],
    names: Iterable[tuple[str, str]],
    links: Sequence[dict[str, Any]],
    raw: Iterable[tuple[str, bytes]],
    known: Sequence[str],
) -> None:
    """Write new and changed items whole. ``known`` are those of them that had links before."""
    packing = asyncio.get_running_loop().run_in_executor(None, _packed, list(raw))
    for part in chunks(known):
        await connection.execute(delete(link).where(link.c.item.in_(part)))
    await write_many(
        connection,
        upsert(connection, item, READ_COLUMNS, once=("derived", "conflicts")),
        [{**row, "derived": b"{}", "conflicts": 0} for row in sorted(rows, key=itemgetter("id"))],
    )
    await item_names.add_names(connection, names)
    ignoring = insert(connection, link).values(dict.fromkeys(link.c.keys())).on_conflict_do_nothing()
    await write_many(connection, ignoring, links)
    await write_many(connection, upsert(connection, item_raw, ["item", "body"]), await packing)


def _packed(raw: Sequence[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """In a thread of its own and without the interpreter's lock, while the rest is written."""
    if not raw:
        return []
    packed = zstandard.ZstdCompressor(level=1).multi_compress_to_buffer([body for _, body in raw])
    return [{"item": item_id, "body": packed[place].tobytes()} for place, (item_id, _) in enumerate(raw)]


async def native_links(connection: Connection, ids: Sequence[str]) -> dict[str, set[tuple[str, str]]]:
    """By item: (relation, ref) of the links its own tracker keeps."""
    links: dict[str, set[tuple[str, str]]] = {}
    for part in chunks(ids):
        query = select(link.c.item, link.c.relation, link.c.ref)
        for row in await connection.execute(query.where(link.c.item.in_(part), link.c.origin == "native")):
            links.setdefault(row[0], set()).add((row[1], row[2]))
    return links


async def sources_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    sources: dict[str, str] = {}
    for part in chunks(sorted(ids)):
        rows = await connection.execute(select(item.c.id, item.c.source).where(item.c.id.in_(part)))
        sources.update((row[0], row[1]) for row in rows)
    return sources


async def places(connection: Connection, ids: Sequence[str]) -> list[tuple[str, str]]:
    """(source, native id) of those that exist."""
    addresses: list[tuple[str, str]] = []
    for part in chunks(ids):
        query = select(item.c.source, item.c.native_id).where(item.c.id.in_(part)).order_by(item.c.id)
        addresses += [(row[0], row[1]) for row in await connection.execute(query)]
    return addresses


async def readdress(connection: Connection, item_id: str, source: str, native_id: str) -> None:
    """Another source has it from now on."""
    values = {"source": source, "native_id": native_id}
    await connection.execute(update(item).where(item.c.id == item_id).values(**values))


async def mark_seen(connection: Connection, ids: Sequence[str], seen: float) -> None:
    for part in chunks(ids):
        await connection.execute(update(item).where(item.c.id.in_(part)).values(seen=seen))


class Answer(NamedTuple):
    """A tracker's own answer for one item, as it was kept."""

    native_id: str
    key: str
    body: bytes


async def answers(connection: Connection, source: str, after: str, limit: int) -> list[Answer]:
    """Of a source's items by native id, those that come after one, unpacked."""
    query = (
        select(item.c.native_id, item.c.key, item_raw.c.body)
        .join(item_raw, item_raw.c.item == item.c.id)
        .where(item.c.source == source, item.c.native_id > after)
        .order_by(item.c.native_id)
        .limit(limit)
    )
    return [Answer(row[0], row[1], unpack(row[2])) for row in await connection.execute(query)]


async def unseen(connection: Connection, source: str, scan: float) -> list[tuple[str, str]]:
    """Items (id, key) of a source that a finished scan did not meet, by id."""
    query = select(item.c.id, item.c.key).where(item.c.source == source, item.c.seen < scan)
    return [(row[0], row[1]) for row in await connection.execute(query.order_by(item.c.id))]


async def identities(connection: Connection, source: str) -> list[tuple[str, str]]:
    """(identity, native id) of every item of a source."""
    query = select(reference.c.ref, item.c.native_id).join(item, item.c.id == reference.c.item)
    rows = await connection.execute(query.where(item.c.source == source, _IS_IDENTITY))
    return [(row[0], row[1]) for row in rows]


async def named_natively(connection: Connection, ids: Sequence[str]) -> list[tuple[str, str]]:
    """(identity, native id) of those that exist."""
    names: list[tuple[str, str]] = []
    query = select(reference.c.ref, item.c.native_id).join(item, item.c.id == reference.c.item)
    for part in chunks(ids):
        rows = await connection.execute(query.where(item.c.id.in_(part), _IS_IDENTITY))
        names += [(row[0], row[1]) for row in rows]
    return names


async def of_source(connection: Connection, source: str, native_ids: Collection[str]) -> dict[str, str]:
    """Item ids by native id."""
    ids: dict[str, str] = {}
    for part in chunks(list(native_ids)):
        query = select(item.c.native_id, item.c.id).where(item.c.source == source, item.c.native_id.in_(part))
        ids.update((row[0], row[1]) for row in await connection.execute(query))
    return ids


async def keys_among(connection: Connection, source: str, keys: Collection[str]) -> set[str]:
    """Those of ``keys`` that items of a source have."""
    present: set[str] = set()
    for part in chunks(sorted(keys)):
        query = select(item.c.key).where(item.c.source == source, item.c.key.in_(part))
        present.update((await connection.execute(query)).scalars())
    return present


async def outside(connection: Connection, sources: Sequence[str]) -> list[str]:
    """Items of any other source."""
    return list((await connection.execute(select(item.c.id).where(item.c.source.not_in(sources)))).scalars())


async def keys_of(connection: Connection, ids: Sequence[str]) -> list[tuple[str, str]]:
    """(id, key) of those that exist."""
    id_keys: list[tuple[str, str]] = []
    for part in chunks(ids):
        rows = await connection.execute(select(item.c.id, item.c.key).where(item.c.id.in_(part)))
        id_keys += [(row[0], row[1]) for row in rows]
    return id_keys


async def remove(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Forget what trackers said of items; answers those that were there.

    Their names stay: one that comes back is the same item.
    """
    gone: list[str] = []
    for part in chunks(ids):
        gone += (await connection.execute(select(item.c.id).where(item.c.id.in_(part)))).scalars()
        await connection.execute(delete(link).where(link.c.item.in_(part)))
        await connection.execute(delete(statement).where(statement.c.item.in_(part)))
        await connection.execute(delete(item_raw).where(item_raw.c.item.in_(part)))
        await connection.execute(delete(item).where(item.c.id.in_(part)))
    return gone


def unpack(body: bytes) -> bytes:
    """The tracker's own answer for one item, as JSON bytes."""
    return zstandard.ZstdDecompressor().decompress(body)
