"""What is known of each source: how far it is read, and how it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from sqlalchemy import delete, func, select, update

from connectors.contract import Quota
from service.store.backlog import items
from service.store.database.dialect import insert
from service.store.database.engine import Connection
from service.store.naming import look_ups
from service.store.sources import rejected_records
from service.store.tables import item, source


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as it is stored. Moments are epoch seconds, structures JSON."""

    key: str
    state: Literal["never", "ok", "syncing", "failing"]
    checkpoint: str | None
    complete: bool  # a full scan has ended once
    last_delta: float | None
    last_full_scan: float | None
    last_sweep: float | None
    watermark: float | None
    capabilities: str | None
    rejected_count: int
    unmapped: str
    definition_of_done: str | None
    requests: int
    quota_remaining: int | None
    quota_limit: int | None
    quota_resets_at: float | None
    error: str | None
    error_reason: str | None
    failing_since: float | None
    digest: str | None  # of how the product file had it read
    scan: float | None  # when the full scan under way began
    suspected: float | None  # a full scan lacked so much that its removals wait for a second one

    @property
    def quota(self) -> Quota | None:
        """What its tracker said last of the credential's limit; None where it says nothing of the kind."""
        if self.quota_remaining is None or self.quota_limit is None or self.quota_resets_at is None:
            return None
        resets_at = datetime.fromtimestamp(self.quota_resets_at, UTC)
        return Quota(self.quota_remaining, self.quota_limit, resets_at)

    @property
    def unmapped_words(self) -> dict[str, list[str]]:
        """The tracker's words that map to nothing, by field."""
        words: dict[str, list[str]] = orjson.loads(self.unmapped)
        return words

    def told(self, what: Literal["missing", "notes"]) -> list[str]:
        """Sentences that its connector had to say when it was last probed."""
        sentences: list[str] = orjson.loads(self.capabilities or "{}").get(what, [])
        return sentences


_COLUMNS = [source.c[name] for name in SourceRow.__slots__]


async def ensure(connection: Connection, keys: Sequence[str]) -> list[str]:
    """A row for every source of the product file; what is known of sources that left it goes.

    Their items keep their names: a source that comes back brings the same items. Answers the items that
    went: they are to be marked as touched.
    """
    for key in keys:
        statement = insert(connection, source).values(
            key=key, state="never", complete=False, rejected_count=0, unmapped="{}", requests=0
        )
        await connection.execute(statement.on_conflict_do_nothing())
    await connection.execute(delete(source).where(source.c.key.not_in(keys)))
    await look_ups.forget_sources(connection, keys)
    await rejected_records.forget_sources(connection, keys)
    return await items.remove(connection, await items.outside(connection, keys))


async def get(connection: Connection, key: str) -> SourceRow:
    row = (await connection.execute(select(*_COLUMNS).where(source.c.key == key))).one()
    return SourceRow(*row)


async def all_sources(connection: Connection) -> Sequence[SourceRow]:
    rows = await connection.execute(select(*_COLUMNS).order_by(source.c.key))
    return [SourceRow(*row) for row in rows]


async def change(connection: Connection, key: str, **values: Any) -> None:
    await connection.execute(update(source).where(source.c.key == key).values(**values))


async def begin_scan(connection: Connection, key: str, at: float) -> None:
    """Everything is read anew: an earlier checkpoint or list would speak of another read."""
    await rejected_records.forget(connection, key)
    await change(connection, key, scan=at, checkpoint=None, rejected_count=0, unmapped="{}")


async def add_requests(connection: Connection, key: str, count: int) -> None:
    more = source.c.requests + count
    await connection.execute(update(source).where(source.c.key == key).values(requests=more))


async def save_quota(connection: Connection, key: str, quota: Quota) -> None:
    await change(
        connection,
        key,
        quota_remaining=quota.remaining,
        quota_limit=quota.limit,
        quota_resets_at=quota.resets_at.timestamp(),
    )


async def count_items(connection: Connection, key: str) -> int:
    query = select(func.count()).select_from(item).where(item.c.source == key)
    return (await connection.execute(query)).scalar_one()
