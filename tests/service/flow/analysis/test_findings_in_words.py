"""What a conflict says is the same whether all of the backlog was judged or what a change can touch."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from connectors.item import Link
from service.flow.analysis.full import analyse
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.context import Context
from service.store.database.engine import Database
from service.store.tables import conflict
from tests.support.product import make_context
from tests.support.tickets import NOW, SITE, TODAY, needs, store, ticket


async def only_body(context: Context) -> dict[str, Any]:
    async with context.database.read() as connection:
        [body] = (await connection.execute(select(conflict.c.body))).scalars()
    found: dict[str, Any] = orjson.loads(body)
    return found


async def test_a_duplicates_original_is_named_at_once(database: Database, tmp_path: Path) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    duplicates = Link("duplicates", f"jira://{SITE}/id/3", "native", "duplicates")
    await store(context, "online", ticket(1, "online", links=(needs(2),)))
    await store(context, "stores", ticket(2, "stores", due=TODAY, links=(duplicates,)))
    await store(context, "data", ticket(3, "data"))
    await analyse(context)
    closed = ticket(2, "stores", state="dropped", is_duplicate=True, links=(duplicates,))
    await store(context, "stores", closed)
    assert await judge_neighbourhood(context)
    nearby = await only_body(context)
    assert nearby["title"] == "ONL-1 (Online) waits for STO-2 (Stores), which was closed as a duplicate."
    assert nearby["suggestions"][0] == "Let ONL-1 wait for DAT-3 (Data), the original of STO-2."
    await analyse(context)
    assert await only_body(context) == nearby


async def test_an_item_that_nobody_touched_for_180_days_is_said_to_be_stale(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    old = NOW - timedelta(days=181)
    await store(context, "online", ticket(1, "online", start=TODAY, links=(needs(2),), updated=old))
    await store(context, "stores", ticket(2, "stores", due=TODAY + timedelta(3), updated=NOW))
    await analyse(context)
    found = await only_body(context)
    assert found["facts"]["stale"] == ["online-jira:1"]
    assert found["explanation"].endswith("ONL-1 is stale: nobody has touched it for 180 days.")
