"""Judging what a few changed items can touch finds what judging the whole backlog finds."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest
from sqlalchemy import select

from connectors.item import TrackerItem
from service.domain.plan.dependency import dependency_id
from service.domain.plan.relations import Agreement
from service.flow.analysis.full import analyse
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.context import Context
from service.store.backlog import items
from service.store.database.engine import Database
from service.store.dependencies import agreements
from service.store.dependencies.agreements import Step
from service.store.process import touched
from service.store.tables import conflict, dependency, item
from tests.support.product import TEAMS, make_context
from tests.support.tickets import NOW, TODAY, needs, store, ticket

STATES: list[Literal["requested", "committed", "proposed", "declined"]]
STATES = ["requested", "requested", "committed", "committed", "proposed", "declined"]


async def remove(context: Context, item_id: str) -> None:
    async with context.database.write() as connection:
        await touched.mark(connection, await items.remove(connection, [item_id]))


async def state_of(context: Context) -> dict[str, Any]:
    """All that judging leaves, but for the places in the order."""
    async with context.database.read() as connection:
        conflicts = (await connection.execute(select(conflict))).mappings().all()
        edges = (await connection.execute(select(dependency))).all()
        rows = (await connection.execute(select(item.c.id, item.c.derived, item.c.effective_priority))).all()
    return {
        "conflicts": {
            row["id"]: (row["state"], row["severity"], orjson.loads(row["body"])["facts"])
            for row in conflicts
        },
        "edges": {row[0]: tuple(row) for row in edges},
        "items": {row[0]: _told(row[1]) | {"effective": row[2]} for row in rows},
    }


def _told(derived: bytes) -> dict[str, Any]:
    body = orjson.loads(derived)
    body.pop("team_position", None)
    return {name: sorted(value) if isinstance(value, list) else value for name, value in body.items()}


async def test_a_later_due_date_opens_a_conflict_around_it_at_once(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, "online", ticket(1, "online", start=TODAY + timedelta(10), links=(needs(2),)))
    await store(context, "stores", ticket(2, "stores", due=TODAY + timedelta(5)))
    await analyse(context)
    await store(context, "stores", ticket(2, "stores", due=TODAY + timedelta(12)))
    assert await judge_neighbourhood(context)
    found = (await state_of(context))["conflicts"]
    assert [(state, facts["days_late"]) for state, _, facts in found.values()] == [("open", 2)]


async def test_a_promise_that_the_plan_breaks_opens_a_conflict_at_once(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, "online", ticket(1, "online", start=TODAY + timedelta(30), links=(needs(2),)))
    await store(context, "stores", ticket(2, "stores", due=TODAY + timedelta(5)))
    await analyse(context)
    promised = Agreement("committed", TODAY + timedelta(4), TODAY + timedelta(4), TODAY)
    one = dependency_id("stores-jira:2", "online-jira:1")
    async with database.write() as connection:
        await agreements.save(connection, one, promised, Step(NOW.timestamp(), "committed", "PO", None, None))
        await touched.mark(connection, ["stores-jira:2"])
    assert await judge_neighbourhood(context)
    told = await state_of(context)
    assert [(state, facts["days_late"]) for state, _, facts in told["conflicts"].values()] == [("open", 1)]
    assert told["edges"][one][-1] == "at-risk"


async def test_before_the_first_analysis_everything_has_to_be_judged(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, "online", ticket(1, "online"))
    assert not await judge_neighbourhood(context)


async def test_what_was_judged_is_not_judged_again_and_what_came_later_is(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, "online", ticket(1, "online"))
    await analyse(context)
    await store(context, "online", ticket(1, "online", title="New"))
    async with database.read() as connection:
        before = await touched.read(connection)
    await store(context, "stores", ticket(2, "stores"))
    async with database.write() as connection:
        await touched.settle(connection, before.until)
    async with database.read() as connection:
        assert (await touched.read(connection)).ids == frozenset({"stores-jira:2"})


@pytest.mark.parametrize("seed", range(6))
async def test_after_any_sequence_of_changes_it_equals_a_full_analysis(
    database: Database, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(seed)
    context = await make_context(database, tmp_path, NOW.timestamp(), rules={"order-deadlock": "off"})
    team_of = {number: TEAMS[number % len(TEAMS)] for number in range(1, 13)}
    for number, team in team_of.items():
        await store(context, team, any_ticket(dice, number, team))
    await analyse(context)
    for _ in range(12):
        for number in dice.sample(sorted(team_of), dice.randint(1, 2)):
            if dice.random() < 0.1:
                await remove(context, f"{team_of[number]}-jira:{number}")
            else:
                await store(context, team_of[number], any_ticket(dice, number, team_of[number]))
        await say_something(context, dice, [f"{team}-jira:{number}" for number, team in team_of.items()])
        assert await judge_neighbourhood(context)
        nearby = await state_of(context)
        await analyse(context)
        full = await state_of(context)
        for part, found in full.items():
            assert {k: v for k, v in found.items() if nearby[part].get(k) != v} == {}
            assert nearby[part].keys() == found.keys()


async def say_something(context: Context, dice: random.Random, known: list[str]) -> None:
    """On dependencies that may be there or not, within one team or between two."""
    for _ in range(6):
        blocker, dependent = dice.sample(known, 2)
        state = dice.choice(STATES)
        needed, asked = TODAY + timedelta(dice.randint(-20, 60)), TODAY - timedelta(dice.randint(0, 10))
        offered = TODAY + timedelta(dice.randint(-20, 60)) if state in ("committed", "proposed") else None
        async with context.database.write() as connection:
            one, step = dependency_id(blocker, dependent), Step(context.clock(), state, "PO", None, None)
            if dice.random() < 0.2:
                await agreements.end(connection, one, step)
            else:
                await agreements.save(connection, one, Agreement(state, needed, offered, asked), step)
            await touched.mark(connection, [blocker, dependent])


def any_ticket(dice: random.Random, number: int, team: str) -> TrackerItem:
    state = dice.choice(["todo", "todo", "doing", "done", "dropped"])
    others = [one for one in range(1, 13) if one != number]
    return ticket(
        number,
        team,
        state=state,
        status=state,
        priority=dice.choice([None, 1, 2, 3, 4, 5]),
        start=day(dice),
        due=day(dice),
        links=tuple(needs(other) for other in dice.sample(others, dice.choice([0, 1, 1, 2]))),
    )


def day(dice: random.Random) -> date | None:
    return dice.choice([None, TODAY + timedelta(dice.randint(-20, 100))])
