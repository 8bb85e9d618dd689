"""One change writes few rows, however long the order and the teams' chains are; answers count places anew."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from connectors.item import TrackerItem
from service.flow.analysis.full import analyse
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.context import Context
from service.store.backlog import backlog
from service.store.database.engine import Database
from service.store.tables import conflict, item
from tests.support.product import TEAMS, make_context
from tests.support.tickets import NOW, TODAY, needs, store, ticket

ITEMS, MOST = 3000, 50

Rows = dict[str, tuple[Any, ...]]


def drawn(number: int, **values: Any) -> TrackerItem:
    """Without ranks, so that teams order by priority; one in three waits for another, ready in time."""
    dice = random.Random(number)
    told = {
        "priority": dice.choice([2, 3, 4]),
        "start": TODAY + timedelta(number // 10),
        "due": TODAY + timedelta(number // 10 + 5),
        "links": (needs(dice.randint(1, number - 100)),) if number > 100 and number % 3 == 0 else (),
    } | values
    return ticket(number, team_of(number), **told)


def team_of(number: int) -> str:
    return TEAMS[number % len(TEAMS)]


@pytest.fixture
async def context(database: Database, tmp_path: Path) -> Context:
    found = await make_context(database, tmp_path, NOW.timestamp())
    for place, team in enumerate(TEAMS):
        await store(found, team, *map(drawn, range(place or len(TEAMS), ITEMS + 1, len(TEAMS))))
    await analyse(found)
    return found


async def left(context: Context, *columns: Any) -> Rows:
    async with context.database.read() as connection:
        return {row[0]: tuple(row) for row in await connection.execute(select(*columns))}


async def written(context: Context) -> Rows:
    """What analyses leave on items."""
    c = item.c
    return await left(
        context, c.id, c.position, c.place, c.effective_priority, c.conflicts, c.derived, c.why, c.digest
    )


def rewritten(before: Rows, after: Rows) -> int:
    return sum(before[one] != row for one, row in after.items())


async def test_a_new_priority_in_the_middle_rewrites_few_rows(context: Context) -> None:
    for number in (1500, 1601, 1702):
        before = await written(context)
        changed = drawn(number, priority=1, updated=NOW + timedelta(hours=1))
        await store(context, team_of(number), changed)
        assert await judge_neighbourhood(context)
        between = await written(context)
        await analyse(context)
        assert 0 < rewritten(before, between) <= MOST
        assert 0 < rewritten(between, await written(context)) <= MOST


async def test_a_second_analysis_writes_nothing(context: Context) -> None:
    before = await written(context), await left(context, *conflict.c)
    await analyse(context)
    assert (await written(context), await left(context, *conflict.c)) == before


async def test_places_in_a_team_s_order_are_dense_after_every_change(context: Context) -> None:
    for number in (1500, 7, 2999):
        await store(context, team_of(number), drawn(number, priority=1, updated=NOW + timedelta(hours=1)))
        await analyse(context)
    rows = await left(context, item.c.id, item.c.team, item.c.priority, item.c.created)
    expected: dict[str, int] = {}
    for team in TEAMS:
        chain = sorted((row[2:], one) for one, row in rows.items() if row[1] == team)
        expected |= {one: place for place, (_, one) in enumerate(chain, 1)}
    async with context.database.read() as connection:
        assert await backlog.team_positions(connection, sorted(rows)) == expected
