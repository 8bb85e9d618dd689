"""One conflict through its whole life: the same id, and every step with who, when and why."""

from datetime import date

import pytest

from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.flow.decisions.decide import Decision, DecisionError, decide
from service.store.conflicts import listed_conflicts as store
from service.store.conflicts.listed_conflicts import Step
from service.store.database.engine import Database
from tests.support.flow import clock, conflicts, flow_context, read_and_judge, source, told
from tests.support.tiny import TinyTracker

DAY = 86400.0
UNTIL = date(2026, 3, 4)


async def opened(database: Database, tracker: TinyTracker) -> tuple[Context, str]:
    tracker.add("ONL", state="doing", due=date(2026, 3, 25))
    tracker.add("STO", start=date(2026, 3, 16), due=date(2026, 3, 31), blocked_by=(1,))
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    [row] = await conflicts(context)
    return context, row.id


async def state(context: Context) -> tuple[str, str]:
    [row] = await conflicts(context)
    return row.id, row.state


async def history(context: Context, one: str) -> list[Step]:
    async with context.database.read() as connection:
        return await store.history(connection, one)


async def test_it_keeps_its_id_and_who_when_and_why_of_every_step(database: Database) -> None:
    tracker = TinyTracker()
    context, one = await opened(database, tracker)
    began = clock(context).now
    await decide(context, one, Decision("acknowledge", "PO Stores", "We meet on Tuesday"))
    clock(context).now = began + DAY
    await decide(context, one, Decision("accept", "PO Online", "The pilot is small", UNTIL))
    for days, expected in ((2, "accepted"), (3, "open")):  # the last day still counts
        clock(context).now = began + days * DAY
        await analyse_all(context)
        assert await state(context) == (one, expected), days
    tracker.change(1, due=date(2026, 3, 13))
    clock(context).now = began + 4 * DAY
    await read_and_judge(context, "onl")
    assert await state(context) == (one, "resolved")
    resolved = clock(context).now
    tracker.change(1, due=date(2026, 3, 27))
    clock(context).now = began + 5 * DAY
    await read_and_judge(context, "onl")
    assert await state(context) == (one, "open")
    assert await history(context, one) == [
        Step(began, "opened", "attune", None),
        Step(began, "acknowledged", "PO Stores", "We meet on Tuesday"),
        Step(began + DAY, "accepted", "PO Online", "The pilot is small (until 2026-03-04)"),
        Step(began + 3 * DAY, "reopened", "attune", "accepted until 2026-03-04"),
        Step(resolved, "resolved", "attune", None),
        Step(clock(context).now, "reopened", "attune", "found again"),
    ]
    types = [event.type for event in await told(context) if event.data.get("id") == one]
    assert types == [
        "conflict.opened",
        "conflict.acknowledged",
        "conflict.accepted",
        "conflict.reopened",
        "conflict.resolved",
        "conflict.reopened",
    ]


async def test_an_acceptance_ends_when_the_severity_rises(database: Database) -> None:
    tracker = TinyTracker()
    context, one = await opened(database, tracker)
    await decide(context, one, Decision("accept", "PO Online", "It will do"))
    tracker.change(2, state="doing")
    await read_and_judge(context, "sto")
    assert await state(context) == (one, "open")
    last = (await history(context, one))[-1]
    assert (last.what, last.by, last.note) == (
        "reopened",
        "attune",
        "its severity rose from medium to high",
    )


async def test_resolved_it_is_nobodys_to_take_up(database: Database) -> None:
    tracker = TinyTracker()
    context, one = await opened(database, tracker)
    tracker.change(1, due=date(2026, 3, 13))
    await read_and_judge(context, "onl")
    with pytest.raises(DecisionError, match="resolved"):
        await decide(context, one, Decision("acknowledge", "PO Stores"))
    assert [step.what for step in await history(context, one)] == ["opened", "resolved"]
