"""What the product's store says, for a command that must not make, migrate or change one."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from config.product import Product
from service.domain.plan.staleness import stale_before
from service.flow.unconfigured import UnconfiguredReferences, unconfigured_references
from service.store.backlog import overview
from service.store.database.engine import Database, UnavailableError, is_there
from service.store.process import health
from service.store.sources import sources

ANSWER_SECONDS = 5.0  # that a database may take


class StoredFigures(NamedTuple):
    """``stale_items``: by source that has been read, its open items that nobody has touched for 180 days."""

    stale_items: Mapping[str, int]
    unconfigured: Sequence[UnconfiguredReferences]


async def read_stored(database_url: str, product: Product) -> StoredFigures | None:
    """None where there is no store yet, or none that this version can read as it is."""
    if not is_there(database_url):
        return None
    database = Database(database_url)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            is_current = (await health.checks(database))["migrations"]
            return await _read(database, product) if is_current else None
    except (UnavailableError, TimeoutError):
        return None
    finally:
        await database.close()


async def _read(database: Database, product: Product) -> StoredFigures:
    untouched_since = stale_before(datetime.now(product.timezone).date(), product.timezone)
    async with database.read() as connection:
        stale_items = await overview.stale_by_source(connection, untouched_since)
        rows = await sources.all_sources(connection)
        unconfigured = await unconfigured_references(connection)
    read = [row.key for row in rows if row.last_delta is not None]
    return StoredFigures({key: stale_items.get(key, 0) for key in read}, unconfigured)
