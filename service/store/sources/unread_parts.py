"""Parts that reads left out of items, still to be read: which, of whom, and when."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import delete, func, select, update

from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, upsert
from service.store.database.engine import Connection
from service.store.tables import item, unread_part

_COLUMNS = ("item", "part", "source", "since", "tried", "due")


class UnreadItem(NamedTuple):
    """``tried``: how often its parts were asked for in vain."""

    item: str
    native_id: str
    tried: int


async def of_items(connection: Connection, ids: Collection[str]) -> dict[str, set[str]]:
    """By item its parts that are still to be read."""
    parts: dict[str, set[str]] = {}
    query = select(unread_part.c.item, unread_part.c.part)
    for part in chunks(sorted(ids)):
        for row in await connection.execute(query.where(unread_part.c.item.in_(part))):
            parts.setdefault(row[0], set()).add(row[1])
    return parts


async def replace(
    connection: Connection,
    source: str,
    parts: Mapping[str, Collection[str]],
    settled: Collection[str],
    now: float,
) -> None:
    """By item what is unread of it now. A part that was unread before keeps its turn.

    Of ``settled`` items, what was read once is not unread again.
    """
    stored = await of_items(connection, parts.keys())
    read = [(item_id, part) for item_id, names in stored.items() for part in names - set(parts[item_id])]
    for item_id, part in sorted(read):
        is_it = (unread_part.c.item == item_id) & (unread_part.c.part == part)
        await connection.execute(delete(unread_part).where(is_it))
    rows = [
        {"item": item_id, "part": part, "source": source, "since": now, "tried": 0, "due": now}
        for item_id, names in sorted(parts.items())
        if item_id not in settled
        for part in sorted(set(names) - stored.get(item_id, set()))
    ]
    await write_many(connection, upsert(connection, unread_part, _COLUMNS), rows)


async def due(connection: Connection, source: str, now: float, most: int) -> list[UnreadItem]:
    """Open items first, then those closed last; of each what it was tried most often."""
    query = (
        select(unread_part.c.item, item.c.native_id, func.max(unread_part.c.tried))
        .join(item, item.c.id == unread_part.c.item)
        .where(unread_part.c.source == source, unread_part.c.due <= now)
        .group_by(unread_part.c.item, item.c.native_id, item.c.is_open, item.c.closed_on)
        .order_by(item.c.is_open.desc(), item.c.closed_on.desc().nulls_last(), unread_part.c.item)
        .limit(most)
    )
    return [UnreadItem._make(row) for row in await connection.execute(query)]


async def postpone(connection: Connection, ids: Sequence[str], due: float) -> None:
    """What is unread of these was asked for, in vain."""
    for part in chunks(ids):
        later = update(unread_part).where(unread_part.c.item.in_(part))
        await connection.execute(later.values(tried=unread_part.c.tried + 1, due=due))


async def forget(connection: Connection, ids: Sequence[str]) -> None:
    for part in chunks(ids):
        await connection.execute(delete(unread_part).where(unread_part.c.item.in_(part)))


async def next_due(connection: Connection, source: str) -> float | None:
    query = select(func.min(unread_part.c.due)).where(unread_part.c.source == source)
    earliest: float | None = (await connection.execute(query)).scalar()
    return earliest


async def sources_due(connection: Connection, now: float) -> set[str]:
    query = select(unread_part.c.source).where(unread_part.c.due <= now).distinct()
    return set((await connection.execute(query)).scalars())


async def counts(connection: Connection) -> dict[str, dict[str, int]]:
    """By source and part, of how many items it is still unread."""
    c = unread_part.c
    counts_by_source: dict[str, dict[str, int]] = {}
    for source, part, count in await connection.execute(
        select(c.source, c.part, func.count()).group_by(c.source, c.part).order_by(c.source, c.part)
    ):
        counts_by_source.setdefault(source, {})[part] = count
    return counts_by_source
