"""All open items and the dependencies between them, as far as the overarching order looks at them."""

from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from sys import intern
from typing import Any

import orjson
from sqlalchemy import Row, func, select

from service.domain.plan.dependency import Edge
from service.domain.plan.item import Item
from service.store.database.dialect import chunks, not_a_way_in
from service.store.database.engine import Connection
from service.store.dependencies import joined as neighbourhood
from service.store.tables import dependency, item

_AT_ONCE = 2000  # rows
_COLUMNS = [
    item.c.id,
    item.c.key,
    item.c.source,
    item.c.team,
    item.c.kind,
    item.c.state,
    item.c.priority,
    item.c.start,
    item.c.due,
    item.c.created,
    item.c.rank,
    item.c.parent,
    item.c.goal,
]


_QUERY = select(*_COLUMNS)


async def count(connection: Connection) -> int:
    query = select(func.count()).where(item.c.is_open.is_(True))
    return (await connection.execute(query)).scalar_one()


async def items(connection: Connection) -> tuple[dict[str, Item], dict[str, str]]:
    """Without titles, words and where dates come from; and by item the goal that the last analysis found."""
    found: dict[str, Item] = {}
    goals: dict[str, str] = {}
    async with connection.stream(_QUERY.where(item.c.is_open.is_(True))) as rows:
        async for part in rows.partitions(_AT_ONCE):
            _take(part, found, goals)
    return found, goals


async def some(connection: Connection, ids: Collection[str]) -> tuple[dict[str, Item], dict[str, str]]:
    """The same of those of ``ids`` that are open."""
    found: dict[str, Item] = {}
    goals: dict[str, str] = {}
    for part in chunks(sorted(ids)):
        query = _QUERY.where(not_a_way_in(item.c.is_open).is_(True), item.c.id.in_(part))
        _take((await connection.execute(query)).all(), found, goals)
    return found, goals


def _take(rows: Iterable[Row[Any]], found: dict[str, Item], goals: dict[str, str]) -> None:
    for row in rows:
        found[row[0]] = _item(row)
        if row[-1] is not None:
            goals[row[0]] = intern(row[-1])


def _item(row: Row[Any]) -> Item:
    item_id, key, source, team, kind, state, priority, start, due, created, rank, parent, _ = tuple(row)
    return Item(
        id=item_id,
        key=key,
        source=intern(source),
        team=intern(team),
        kind=intern(kind),
        title="",
        state=intern(state),
        priority=priority,
        priority_name=None,
        start=_day(start),
        start_from=None,
        due=_day(due),
        due_from=None,
        created=created,
        closed_on=None,
        rank=rank,
        parent=parent,
        labels=(),
        components=(),
    )


@lru_cache(maxsize=65536)
def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


async def edges(connection: Connection, among: dict[str, Item]) -> list[Edge]:
    """Sorted by ids, as the last analysis left them."""
    c = dependency.c
    rows = (
        await connection.execute(select(c.blocker, c.dependent, c.origins).where(c.is_open.is_(True)))
    ).all()
    return [
        Edge(among[blocker], among[dependent], _origins(origins))
        for blocker, dependent, origins in sorted(tuple(row) for row in rows)
        if blocker in among and dependent in among
    ]


async def pairs_of(connection: Connection, ids: Collection[str]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Open dependencies that have an end among ``ids``, with their origins."""
    stored = await neighbourhood.dependencies_of(connection, ids)
    return {one.pair: _origins(one.origins) for one in stored if one.is_open}


@lru_cache(maxsize=64)
def _origins(text: str) -> tuple[str, ...]:
    return tuple(orjson.loads(text))
