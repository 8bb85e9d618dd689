"""The order that what-ifs start from follows the database, whoever changes it, and is read anew seldom."""

import asyncio
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from service.domain.what_if.hypothesis import SetValues
from service.domain.what_if.open_plan import OpenPlan
from service.flow.analysis.full import analyse
from service.flow.analysis.incremental import judge_neighbourhood
from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.flow.decisions.pin import pin
from service.flow.product_plan import plan_of
from service.flow.reading.remove import remove
from service.flow.unit_of_work import unit_of_work
from service.flow.what_if import kept_plan
from service.flow.what_if.ask import what_if
from service.flow.what_if.kept_plan import KeptPlan, current_plan, keep_ready
from service.store.database.engine import Database
from service.store.process import touched
from tests.service.flow.what_if.test_ask import ITEMS, drawn, item_id, named, store, team_of, ticket
from tests.support.product import make_context
from tests.support.tickets import NOW

GOALS = [
    {"key": "first", "name": "First", "select": {"labels": ["first"]}},
    {"key": "second", "name": "Second", "select": {"labels": ["second"]}},
]


async def kept(context: Context) -> OpenPlan:
    async with current_plan(context, plan_of(context.product, context.today)) as (_, plan):
        return plan


async def read_anew(context: Context) -> OpenPlan:
    context.own(KeptPlan).kept = None
    return await kept(context)


def parts(plan: OpenPlan) -> dict[str, Any]:
    return {
        "order": plan.order.sequence,
        "items": plan.items,
        "goals": plan.guidance.goals,
        "dependencies": plan.origins,
        "ready": dict(zip(plan.order.numbering.ids, plan.ready.tolist(), strict=True)),
        "deadlocks": sorted(plan.circles),
        "pins": plan.guidance.pins,
        "children": {parent: sorted(children) for parent, children in plan.children.items()},
    }


def values(dice: random.Random, number: int) -> dict[str, Any]:
    labels = dice.choice([(), (), ("first",), ("second",)])
    return {**drawn(dice, number), "labels": labels, "key": f"{dice.choice(['OLD', 'NEW'])}-{number}"}


async def change(context: Context, dice: random.Random) -> None:
    number = dice.choice(ITEMS)
    if dice.random() < 0.2:
        async with unit_of_work(context) as work:
            await remove(work, f"{team_of(number)}-jira", [item_id(number)])
    else:
        await store(context, ticket(number, **values(dice, number)))


async def judged(context: Context, dice: random.Random) -> None:
    how = dice.choice(["not", "nearby", "nearby", "analyse", "all", "pin"])
    if how == "nearby":
        await judge_neighbourhood(context)
    elif how == "analyse":
        await analyse(context)
    elif how == "all":
        await analyse_all(context)
    elif how == "pin":
        await pin(context, dice.sample([item_id(number) for number in ITEMS], 2))


@pytest.mark.parametrize("seed", range(8))
async def test_followed_is_the_same_as_read_anew(
    database: Database, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice = random.Random(seed)
    context = await make_context(database, tmp_path, NOW.timestamp(), goals=GOALS)
    await store(context, *(ticket(number, **values(dice, number)) for number in ITEMS if number % 4))
    await analyse_all(context)
    await kept(context)
    for _ in range(12):
        await change(context, dice)
        await judged(context, dice)
        with monkeypatch.context() as patched:
            patched.setattr(kept_plan, "_read", refuse)
            followed = parts(await kept(context))
        mine = context.own(KeptPlan).kept
        assert followed == parts(await read_anew(context))
        context.own(KeptPlan).kept = mine


async def refuse(*_: object) -> Mapping[str, Any]:
    raise AssertionError("all was read anew")


async def test_a_parent_that_comes_late_takes_its_children(database: Database, tmp_path: Path) -> None:
    """The children did not change; the next full analysis tells whose they are."""
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, ticket(2, parent=named(1)))
    await analyse_all(context)
    await kept(context)
    await store(context, ticket(1, kind="epic"))
    await judge_neighbourhood(context)
    await kept(context)
    await analyse_all(context)
    assert (await kept(context)).items[item_id(2)].parent == item_id(1)


async def test_when_too_much_changed_it_is_read_anew_once_that_is_judged(
    database: Database, tmp_path: Path
) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, ticket(1))
    await analyse_all(context)
    before = await kept(context)
    await store(context, ticket(2))
    async with database.write() as connection:
        await touched.mark_everything(connection)
    assert await kept(context) is before
    await analyse_all(context)
    assert (await kept(context)).items.keys() == {item_id(1), item_id(2)}


async def test_what_has_not_changed_is_not_read(database: Database, tmp_path: Path) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, ticket(1), ticket(2))
    await analyse_all(context)
    first = await kept(context)
    await what_if(context, [SetValues(item_id(1), {"priority": 1})])
    assert await kept(context) is first


def kept_items(context: Context) -> set[str]:
    kept = context.own(KeptPlan).kept
    assert kept is not None
    return set(kept.plan.items)


async def test_it_is_ready_before_anybody_asks(database: Database, tmp_path: Path) -> None:
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, ticket(1))
    await analyse_all(context)
    stop = asyncio.Event()
    keeping = asyncio.create_task(keep_ready(context, stop))
    await asyncio.sleep(0)  # it begins
    stop.set()
    await keeping
    assert kept_items(context) == {item_id(1)}


async def test_a_very_large_order_waits_for_a_question_and_is_then_kept(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_plan, "ITEMS_UNASKED", 0)
    context = await make_context(database, tmp_path, NOW.timestamp())
    await store(context, ticket(1))
    await analyse_all(context)
    for is_asked in (False, True):
        if is_asked:
            await what_if(context, [SetValues(item_id(1), {"priority": 1})])
            await store(context, ticket(2))
        stop = asyncio.Event()
        keeping = asyncio.create_task(keep_ready(context, stop))
        await asyncio.sleep(0)
        stop.set()
        await keeping
        assert (context.own(KeptPlan).kept is not None) is is_asked
    assert kept_items(context) == {item_id(1), item_id(2)}
