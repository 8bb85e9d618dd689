"""What a what-if says would happen is what happens once the change is made."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from connectors.item import Link, TrackerItem
from service.domain.what_if.epic_forecast import EpicForecast
from service.domain.what_if.hypothesis import (
    AddDependency,
    RemoveDependency,
    SetValues,
    SupposedChange,
)
from service.flow.analysis.full import analyse
from service.flow.context import Context
from service.flow.what_if.answer import WhatIf
from service.flow.what_if.ask import what_if
from service.flow.what_if.kept_plan import KeptPlan
from service.store.database.engine import Database
from service.store.tables import conflict, item, metadata
from tests.support import tickets
from tests.support.product import TEAMS, make_context
from tests.support.tickets import NOW, SITE, TODAY

ITEMS = range(1, 15)
LEFT_OUT = ("dod-mismatch", "ownership-gap", "dependency-unresolved")
SHARED = [{"component": "Till", "max_parallel": 1}]


def team_of(number: int) -> str:
    return TEAMS[number % len(TEAMS)]


def item_id(number: int) -> str:
    return f"{team_of(number)}-jira:{number}"


def ticket(number: int, **values: Any) -> TrackerItem:
    return tickets.ticket(number, team_of(number), **values)


async def store(context: Context, *found: TrackerItem) -> None:
    for change in found:
        await tickets.store(context, team_of(int(change.native_id)), change)


async def order_of(context: Context) -> list[str]:
    query = select(item.c.id).where(item.c.position.is_not(None)).order_by(item.c.position)
    async with context.database.read() as connection:
        return list((await connection.execute(query)).scalars())


async def conflicts_of(context: Context) -> dict[str, tuple[str, bytes]]:
    """Of those found now: severity and what its facts come to."""
    query = select(conflict.c.id, conflict.c.severity, conflict.c.hash).where(
        conflict.c.state != "resolved", conflict.c.kind.not_in(LEFT_OUT)
    )
    async with context.database.read() as connection:
        return {row[0]: (row[1], bytes(row[2])) for row in await connection.execute(query)}


async def stored(context: Context) -> dict[str, int]:
    async with context.database.read() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


def drawn(dice: random.Random, number: int) -> dict[str, Any]:
    state = dice.choice(["todo", "todo", "doing", "done", "dropped"])
    others = [one for one in ITEMS if one != number]
    parent = dice.choice([None, 1, 2])
    return {
        "kind": "epic" if number < 3 else dice.choice(["story", "task"]),
        "state": state,
        "status": state,
        "closed_on": None if state in ("todo", "doing") else TODAY,
        "priority": dice.choice([None, 1, 2, 3, 4, 5]),
        "start": day(dice),
        "due": day(dice),
        "rank": dice.choice([None, f"0|{dice.random():.4f}"]),
        "components": ("till",) if dice.random() < 0.4 else (),
        "parent": None if parent in (None, number) or number < 3 else named(parent),
        "links": tuple(
            Link("blocked-by", named(other), "native", "is blocked by")
            for other in dice.sample(others, dice.choice([0, 1, 1, 2]))
        ),
    }


def day(dice: random.Random) -> date | None:
    return dice.choice([None, TODAY + timedelta(dice.randint(-20, 100))])


def named(number: int) -> str:
    return f"jira://{SITE}/id/{number}"


def changed(dice: random.Random, told: dict[int, dict[str, Any]]) -> list[SupposedChange]:
    """Some of an item's values, and at times a dependency less or more; made in ``told`` too."""
    changes: list[SupposedChange] = []
    for number in dice.sample(ITEMS, dice.choice([0, 1, 1, 2])):
        fresh = drawn(dice, number)
        names = dice.sample(["state", "priority", "start", "due"], dice.randint(1, 2))
        values = {name: fresh[name] for name in names}
        changes.append(SetValues(item_id(number), values))
        was_open = told[number]["state"] in ("todo", "doing")
        told[number] |= values
        is_open = told[number]["state"] in ("todo", "doing")
        told[number]["status"] = told[number]["state"]
        if was_open != is_open:
            told[number]["closed_on"] = None if is_open else TODAY
    dependent = dice.choice(ITEMS)
    links = told[dependent]["links"]
    if links and dice.random() < 0.5:
        told[dependent]["links"] = links[1:]
        changes.append(RemoveDependency(item_id(int(links[0].ref.rpartition("/")[2])), item_id(dependent)))
    if dice.random() < 0.5:
        blocker = dice.choice([one for one in ITEMS if one != dependent])
        link = Link("blocked-by", named(blocker), "native", "is blocked by")
        if link not in links:
            told[dependent]["links"] += (link,)
            changes.append(AddDependency(item_id(blocker), item_id(dependent)))
    return changes


@pytest.mark.parametrize("seed", range(8))
async def test_it_foresees_what_an_analysis_finds_after_the_change(
    database: Database, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    context = await make_context(database, tmp_path, NOW.timestamp(), shared=SHARED)
    told = {number: drawn(dice, number) for number in ITEMS}
    await store(context, *(ticket(number, **values) for number, values in told.items()))
    await analyse(context)
    for _ in range(5):
        before, order = await conflicts_of(context), await order_of(context)
        supposed = changed(dice, told)
        found = await what_if(context, supposed)
        await store(context, *(ticket(number, **values) for number, values in told.items()))
        await analyse(context)
        after = await conflicts_of(context)
        assert ids(found.opened) == after.keys() - before.keys()
        assert ids(found.resolved) == before.keys() - after.keys()
        same = {one for one in after.keys() & before.keys() if after[one][0] != before[one][0]}
        assert same == {
            one.conflict.id for one in found.changed if one.conflict.severity != one.severity_before
        }
        assert moved_by(order, found) == await order_of(context)


def ids(found: Any) -> set[str]:
    return {one.id for one in found if one.kind not in LEFT_OUT}


def moved_by(order: list[str], found: WhatIf) -> list[str]:
    moved = {move.item: move for move in found.moved}
    for move in moved.values():
        assert move.before == (order.index(move.item) + 1 if move.item in order else None)
    after = [one for one in order if one not in moved]
    for move in sorted((move for move in moved.values() if move.after), key=lambda move: move.after or 0):
        after.insert((move.after or 0) - 1, move.item)
    return after


async def test_nothing_is_stored_and_nobody_is_told(database: Database, tmp_path: Path) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, ticket(1, start=TODAY + timedelta(5)), ticket(2))
    await analyse(context)
    before = await stored(context)
    late, dependency = (
        SetValues(item_id(2), {"due": TODAY + timedelta(9)}),
        AddDependency(item_id(2), item_id(1)),
    )
    found = await what_if(context, [late, dependency])
    assert [conflict.kind for conflict in found.opened] == ["dependency-date"]
    assert await stored(context) == before


@pytest.mark.parametrize("state", ["todo", "done"])
async def test_what_was_closed_as_a_duplicate_is_none_in_another_state(
    database: Database, tmp_path: Path, state: str
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    copy = Link("duplicates", named(2), "native", "duplicates")
    closed = ticket(1, state="dropped", is_duplicate=True, closed_on=TODAY, priority=1, links=(copy,))
    await store(context, closed, ticket(2, priority=2))
    await analyse(context)
    found = await what_if(context, [SetValues(item_id(1), {"state": state})])
    assert [conflict.kind for conflict in found.opened] == ["mirror-drift"]


async def test_a_changed_plan_is_seen_by_the_next_question(database: Database, tmp_path: Path) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, ticket(1, priority=3), ticket(2, priority=3))
    await analyse(context)
    supposed: list[SupposedChange] = [SetValues(item_id(1), {"priority": 1})]
    assert (await what_if(context, supposed)).moved == await moved_of(context, supposed)
    await store(context, ticket(3, priority=2), ticket(4, priority=2), ticket(1, priority=5))
    await analyse(context)
    [move] = (await what_if(context, supposed)).moved
    assert (move.before, move.after) == (4, 1)


async def moved_of(context: Context, supposed: list[SupposedChange]) -> Any:
    context.own(KeptPlan).kept = None
    return (await what_if(context, supposed)).moved


async def test_an_epic_is_foreseen_on_the_day_of_the_last_under_it(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    epic = ticket(1, kind="epic", due=date(2026, 5, 1))
    await store(context, epic, ticket(2, parent=named(1), due=date(2026, 4, 1)))
    await analyse(context)
    found = await what_if(context, [SetValues(item_id(2), {"due": date(2026, 6, 1)})])
    assert found.forecast == [EpicForecast(item_id(1), "STO-1", date(2026, 5, 1), date(2026, 6, 1))]
    assert [conflict.kind for conflict in found.opened] == ["epic-overrun"]
