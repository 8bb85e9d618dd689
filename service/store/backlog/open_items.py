"""All open items and the dependencies between them, as far as the overarching order looks at them."""

from collections.abc import Collection, Container, Iterable
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

import orjson
from sqlalchemy import Row, func, select

from service.domain.plan.item import PlannedItem
from service.store.database.dialect import chunks, not_a_way_in
from service.store.database.engine import Connection
from service.store.dependencies import joined as neighbourhood
from service.store.tables import dependency, item

Origins = dict[tuple[str, str], tuple[str, ...]]
"""Where dependencies come from, by the ids of blocker and dependent."""

_ROWS_AT_ONCE = 2000
_QUERY = select(*(item.c[name] for name in PlannedItem._fields))


async def count(connection: Connection) -> int:
    query = select(func.count()).where(item.c.is_open.is_(True))
    return (await connection.execute(query)).scalar_one()


async def planned_items(connection: Connection) -> dict[str, PlannedItem]:
    """All that are open, by id, each with the parent and the goal that the last analysis found."""
    items: dict[str, PlannedItem] = {}
    async with connection.stream(_QUERY.where(item.c.is_open.is_(True))) as rows:
        async for part in rows.partitions(_ROWS_AT_ONCE):
            items.update(_by_id(part))
    return items


async def some_planned_items(connection: Connection, ids: Collection[str]) -> dict[str, PlannedItem]:
    """Those of ``ids`` that are open."""
    items: dict[str, PlannedItem] = {}
    for part in chunks(sorted(ids)):
        query = _QUERY.where(not_a_way_in(item.c.is_open).is_(True), item.c.id.in_(part))
        items.update(_by_id((await connection.execute(query)).all()))
    return items


def _by_id(rows: Iterable[Row[Any]]) -> dict[str, PlannedItem]:
    return {row[0]: _planned_item(PlannedItem._make(row)) for row in rows}


def _planned_item(row: PlannedItem) -> PlannedItem:
    """Of a row, in which days are texts. Words that many items share are kept once."""
    return row._replace(
        source=intern(row.source),
        team=intern(row.team),
        kind=intern(row.kind),
        start=_day(row.start),
        due=_day(row.due),
        goal=None if row.goal is None else intern(row.goal),
    )


@lru_cache(maxsize=65536)
def _day(text: Any) -> date | None:
    return None if text is None else date.fromisoformat(text)


async def open_dependencies(connection: Connection, among: Container[str]) -> Origins:
    """Sorted by ids, as the last analysis left them; both ends are ``among`` these."""
    c = dependency.c
    query = select(c.blocker, c.dependent, c.origins).where(c.is_open.is_(True))
    return {
        (blocker, dependent): _origins(origins)
        for blocker, dependent, origins in sorted(tuple(row) for row in await connection.execute(query))
        if blocker in among and dependent in among
    }


async def open_dependencies_of(connection: Connection, ids: Collection[str]) -> Origins:
    """Those that have an end among ``ids``."""
    stored = await neighbourhood.dependencies_of(connection, ids)
    return {one.pair: _origins(one.origins) for one in stored if one.is_open}


@lru_cache(maxsize=64)
def _origins(text: str) -> tuple[str, ...]:
    return tuple(orjson.loads(text))
