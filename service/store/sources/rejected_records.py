"""Records that could not be read, and words that map to nothing: how honest a source's data is."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import delete, func, select, update

from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, upsert
from service.store.database.engine import Connection
from service.store.tables import rejected_record, source

MOST_LISTED = 1000  # per source; all are counted

_COLUMNS = ("source", "key", "reason", "at")


class RejectedRecord(NamedTuple):
    """``key`` is the best name it has: its key, else its page and place in that."""

    key: str
    reason: str


async def add_honesty(
    connection: Connection,
    key: str,
    rejected: Sequence[RejectedRecord],
    readable: Collection[str],
    unmapped: Mapping[str, Sequence[str]],
    now: float,
) -> None:
    """``readable`` are the keys of items that came through: one that was rejected before and is well now
    is no longer listed.
    """
    locked = select(source.c.unmapped, source.c.rejected_count).where(source.c.key == key).with_for_update()
    unmapped_before, count_before = (await connection.execute(locked)).one()
    if count_before:
        await _forget_readable(connection, key, readable)
    rows = [{"source": key, "key": name, "reason": reason, "at": now} for name, reason in _numbered(rejected)]
    await write_many(connection, upsert(connection, rejected_record, _COLUMNS), rows)
    words = {name: set(known) for name, known in orjson.loads(unmapped_before).items()}
    for name, fresh in unmapped.items():
        words.setdefault(name, set()).update(fresh)
    text = orjson.dumps({name: sorted(all_words) for name, all_words in sorted(words.items())}).decode()
    count = await _count(connection, key) if rows or count_before else 0
    if (text, count) != (unmapped_before, count_before):
        values = {"unmapped": text, "rejected_count": count}
        await connection.execute(update(source).where(source.c.key == key).values(**values))


def _numbered(rejected: Sequence[RejectedRecord]) -> list[RejectedRecord]:
    """Two records of one read that have the same name are two."""
    times: dict[str, int] = {}
    numbered = []
    for name, reason in rejected:
        times[name] = times.get(name, 0) + 1
        numbered.append(RejectedRecord(name if times[name] == 1 else f"{name} ({times[name]})", reason))
    return numbered


async def _forget_readable(connection: Connection, key: str, readable: Collection[str]) -> None:
    for part in chunks(sorted(readable)):
        is_well = (rejected_record.c.source == key) & rejected_record.c.key.in_(part)
        await connection.execute(delete(rejected_record).where(is_well))


async def _count(connection: Connection, key: str) -> int:
    query = select(func.count()).select_from(rejected_record).where(rejected_record.c.source == key)
    return (await connection.execute(query)).scalar_one()


async def newest(connection: Connection, key: str, most: int = MOST_LISTED) -> list[RejectedRecord]:
    """The newest, oldest of them first."""
    c = rejected_record.c
    query = select(c.key, c.reason).where(c.source == key).order_by(c.at.desc(), c.key.desc()).limit(most)
    return [RejectedRecord._make(row) for row in await connection.execute(query)][::-1]


async def keys(connection: Connection, key: str) -> set[str]:
    query = select(rejected_record.c.key).where(rejected_record.c.source == key)
    return set((await connection.execute(query)).scalars())


async def forget(connection: Connection, key: str) -> None:
    await connection.execute(delete(rejected_record).where(rejected_record.c.source == key))


async def forget_sources(connection: Connection, staying: Sequence[str]) -> None:
    await connection.execute(delete(rejected_record).where(rejected_record.c.source.not_in(staying)))
