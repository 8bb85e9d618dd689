"""A context whose sources are tiny trackers, and shorthands to look at what it stored."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import select

from config.product import Product
from config.product.model import About, Person, Team
from config.settings import Settings
from service.delivery.vault import Vault
from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.flow.reading.background.look_up import look_up_names
from service.flow.reading.sync import SyncResult, finish_sync, sync_source
from service.store.backlog import backlog
from service.store.backlog.backlog import LiveFacts
from service.store.database.engine import Database
from service.store.sources import rejected_records, sources
from service.store.sources.rejected_records import RejectedRecord
from service.store.tables import announced, conflict, item, item_change, job, link
from service.store.telling import events
from tests.support.tiny import TinyConnector, TinyOptions, TinyTracker

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()
TODAY = date(2026, 3, 2)


class Clock:
    """Set by the test; seconds since the epoch."""

    def __init__(self, now: float = NOW) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def forward(self, seconds: float = 0.0, **more: float) -> None:
        self.now += seconds + more.get("minutes", 0) * 60 + more.get("hours", 0) * 3600


def make_product(*options: TinyOptions, **values: Any) -> Product:
    teams = dict.fromkeys(
        team for one in options for team in ([one.team] if one.team else [r.team for r in one.route])
    )
    told: dict[str, Any] = {
        "product": About(name="Shop", timezone="Europe/Amsterdam"),
        "teams": tuple(
            Team(key=str(team), name=str(team), owner=Person(name=f"PO {team}")) for team in teams
        ),
        "sources": options,
    }
    return Product.model_construct(**{**told, **values})


def source(key: str = "onl", **values: Any) -> TinyOptions:
    """Of team ``key`` and project KEY, unless ``values`` say otherwise."""
    told: dict[str, Any] = {"key": key, "project": key.upper()}
    if "route" not in values:
        told["team"] = key
    return TinyOptions.model_validate({**told, **values})


async def flow_context(
    database: Database, tracker: TinyTracker, *options: TinyOptions, **product: Any
) -> Context:
    """Every source reads ``tracker``; its clock is a Clock."""
    chosen = options or (source(),)
    context = Context(
        make_product(*chosen, **product),
        Settings(database_url="sqlite:///unused.db"),
        database,
        Vault("key"),
        clock=Clock(),
    )
    context.connectors.update({one.key: TinyConnector(one, tracker) for one in chosen})
    async with database.write() as connection:
        await sources.ensure(connection, [one.key for one in chosen])
    return context


def clock(context: Context) -> Clock:
    assert isinstance(context.clock, Clock)
    return context.clock


def connector(context: Context, key: str = "onl") -> TinyConnector:
    found = context.connectors[key]
    assert isinstance(found, TinyConnector)
    return found


async def sync(context: Context, key: str = "onl", **how: Any) -> SyncResult:
    """Read, and a second later it is over; with the clock still, reads could not be told apart."""
    result = await sync_source(context, key, **how)
    await finish_sync(context, result)
    clock(context).forward(1)
    return result


async def read_and_judge(context: Context, *keys: str) -> None:
    for key in keys or [one.key for one in context.product.sources]:
        await sync(context, key)
    await analyse_all(context)


async def ask_and_judge(context: Context) -> None:
    """Trackers are asked for the names that nobody knows, as the worker does."""
    for one in context.product.sources:
        await look_up_names(context, one.key)
    await analyse_all(context)


async def unresolved(context: Context) -> list[tuple[str, str]]:
    """(key of the dependent, reference) of the open conflicts that say so."""
    bodies = [orjson.loads(row.body) for row in await conflicts(context) if row.state == "open"]
    return sorted(
        (body["items"][0]["key"], body["facts"]["reference"])
        for body in bodies
        if "reference" in body["facts"]
    )


async def rows(context: Context, table: Any, *order: Any) -> list[Any]:
    async with context.database.read() as connection:
        return list(await connection.execute(select(table).order_by(*order)))


async def stored(context: Context) -> dict[str, Any]:
    """Item rows by key."""
    return {row.key: row for row in await rows(context, item, item.c.id)}


async def ids(context: Context) -> dict[str, str]:
    return {key: row.id for key, row in (await stored(context)).items()}


async def answer(context: Context, item_id: str) -> Mapping[str, Any]:
    async with context.database.read() as connection:
        row = await backlog.get(connection, item_id)
    current = LiveFacts(None, None, row.conflicts, False)
    found: dict[str, Any] = orjson.loads(backlog.join(current, bytes(row.record), bytes(row.derived)))
    return found


async def source_row(context: Context, key: str = "onl") -> Any:
    async with context.database.read() as connection:
        return await sources.get(connection, key)


async def rejected(context: Context, key: str = "onl") -> list[RejectedRecord]:
    async with context.database.read() as connection:
        return await rejected_records.newest(connection, key)


async def told(context: Context, *types: str) -> list[Any]:
    """Events so far, of these types or all."""
    async with context.database.read() as connection:
        found = [one.event for one in await events.after(connection, 0, 100_000)]
    return [one for one in found if not types or one.type in types]


async def announcements(context: Context) -> set[tuple[str, str]]:
    return {(row.source, row.native_id) for row in await rows(context, announced)}


async def links(context: Context) -> list[Any]:
    return await rows(context, link, link.c.item, link.c.relation, link.c.ref)


async def conflicts(context: Context) -> list[Any]:
    return await rows(context, conflict, conflict.c.sort)


async def changes(context: Context) -> list[Any]:
    return await rows(context, item_change, item_change.c.item, item_change.c.at, item_change.c.field)


async def queued(context: Context) -> dict[str, dict[str, Any]]:
    """Payloads by key."""
    return {row.key: orjson.loads(row.payload) for row in await rows(context, job, job.c.key)}
