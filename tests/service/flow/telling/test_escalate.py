"""What nobody takes up in time becomes the decider's, once, counted in working time."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from config.product.model import Escalation
from service.flow import worker as worker_flow
from service.flow.analysis.rejudge import analyse_all
from service.flow.context import Context
from service.flow.decisions.decide import Decision, decide
from service.flow.telling.escalate import escalate
from service.flow.worker import Worker
from service.store.conflicts import listed_conflicts as store
from service.store.conflicts import written_conflicts
from service.store.database.engine import Database
from service.store.process import revision
from service.store.tables import conflict
from tests.support.flow import clock, conflicts, flow_context, read_and_judge, source, told
from tests.support.tiny import TinyTracker

DAY, HOUR = 86400.0, 3600.0
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()

RULES = (
    Escalation.model_validate({"when": {"severity": ["critical", "high"]}, "decider": "data", "after": "1d"}),
    Escalation.model_validate(
        {"when": {"kind": ["dependency-date"]}, "decider": "a@b.example", "after": "3d"}
    ),
)


@pytest.fixture
def tracker() -> TinyTracker:
    """One dependency-date of severity medium: STO-2 starts on the 16th, ONL-1 is due on the 25th."""
    found = TinyTracker()
    found.add("ONL", due=date(2026, 3, 25), priority=3)
    found.add("STO", start=date(2026, 3, 16), due=date(2026, 3, 31), priority=3, blocked_by=(1,))
    return found


async def opened(database: Database, tracker: TinyTracker, *rules: Escalation) -> Context:
    """Its clock stands at MONDAY when the conflict opens."""
    found = await flow_context(
        database, tracker, source("onl"), source("sto"), source("data"), escalation=rules or RULES
    )
    clock(found).now = MONDAY - 3  # reading three sources takes three seconds
    await read_and_judge(found)
    return found


@pytest.fixture
async def context(database: Database, tracker: TinyTracker) -> Context:
    return await opened(database, tracker)


async def only(context: Context) -> Any:
    [row] = [row for row in await conflicts(context) if row.kind == "dependency-date"]
    return row


async def history(context: Context) -> list[tuple[str, str, str | None]]:
    one = (await only(context)).id
    async with context.database.read() as connection:
        return [(step.what, step.by, step.note) for step in await store.history(connection, one)]


async def set_priority(context: Context, tracker: TinyTracker, priority: int) -> None:
    """1 makes the conflict high, 3 medium."""
    tracker.change(2, priority=priority)
    await read_and_judge(context, "sto")


async def test_the_first_rule_that_matches_says_when(context: Context) -> None:
    row = await only(context)
    assert (row.severity, row.escalates_at, row.escalated_at) == ("medium", MONDAY + 3 * DAY, None)


async def test_over_a_weekend_its_time_stands_still(database: Database, tracker: TinyTracker) -> None:
    rule = {"when": {}, "decider": "data", "after": "5d"}
    context = await opened(database, tracker, Escalation.model_validate(rule))
    assert (await only(context)).escalates_at == MONDAY + 7 * DAY


async def test_without_a_rule_that_matches_it_never_escalates(
    database: Database, tracker: TinyTracker
) -> None:
    context = await opened(database, tracker, RULES[0])
    assert (await only(context)).escalates_at is None
    clock(context).now += 100 * DAY
    assert await escalate(context) == 0


async def test_in_time_it_is_told_once_to_the_decider(context: Context) -> None:
    clock(context).now = MONDAY + 3 * DAY - 1
    assert await escalate(context) == 0
    clock(context).now += 1
    assert await escalate(context) == 1
    row = await only(context)
    assert (row.state, row.escalates_at, row.escalated_at) == ("open", None, clock(context).now)
    assert (await history(context))[-1] == ("escalated", "attune", "for a@b.example to decide")
    [event] = await told(context, "conflict.escalated")
    assert event.data["decider"] == {"role": "person", "name": None, "email": "a@b.example"}
    assert (event.data["id"], event.data["state"], event.kind) == (row.id, "open", "dependency-date")
    assert event.data["title"] == orjson.loads(row.body)["title"]
    clock(context).now += 10 * DAY
    assert await escalate(context) == 0
    assert len(await told(context, "conflict.escalated")) == 1


async def test_a_decider_who_owns_a_team_is_told_as_that_team(context: Context, tracker: TinyTracker) -> None:
    await set_priority(context, tracker, 1)
    clock(context).now += 2 * DAY
    assert await escalate(context) == 1
    [event] = await told(context, "conflict.escalated")
    assert event.teams == ("onl", "sto", "data")
    assert event.data["decider"]["name"] == "PO data"


@pytest.mark.parametrize("action", ["acknowledge", "accept"])
async def test_taken_up_in_time_it_does_not_escalate(context: Context, action: Any) -> None:
    await decide(context, (await only(context)).id, Decision(action, "PO", "Mine"))
    assert (await only(context)).escalates_at is None
    clock(context).now += 30 * DAY
    await analyse_all(context)
    assert await escalate(context) == 0
    assert await told(context, "conflict.escalated") == []


async def test_a_comment_takes_nothing_up(context: Context) -> None:
    await decide(context, (await only(context)).id, Decision("comment", "PO", "Hm"))
    assert (await only(context)).escalates_at == MONDAY + 3 * DAY


async def test_resolved_in_time_it_does_not_escalate(context: Context, tracker: TinyTracker) -> None:
    tracker.change(1, due=date(2026, 3, 13))
    await read_and_judge(context, "onl")
    row = await only(context)
    assert (row.state, row.escalates_at) == ("resolved", None)
    clock(context).now += 30 * DAY
    assert await escalate(context) == 0


async def test_reopened_its_time_begins_anew_and_it_may_escalate_again(context: Context) -> None:
    clock(context).now += 4 * DAY
    assert await escalate(context) == 1
    one = (await only(context)).id
    await decide(context, one, Decision("acknowledge", "PO"))
    taken = await only(context)
    assert taken.escalated_at == clock(context).now  # that it was escalated stays to be seen
    clock(context).now = MONDAY + 7 * DAY
    await decide(context, one, Decision("reopen", "PO", "Not done after all"))
    again = await only(context)
    assert (again.escalates_at, again.escalated_at) == (MONDAY + 10 * DAY, None)
    clock(context).now = MONDAY + 10 * DAY
    assert await escalate(context) == 1
    assert [what for what, *_ in await history(context)] == [
        "opened", "escalated", "acknowledged", "reopened", "escalated",
    ]  # fmt: skip


async def test_found_again_its_time_begins_anew(context: Context, tracker: TinyTracker) -> None:
    tracker.change(1, due=date(2026, 3, 13))
    await read_and_judge(context, "onl")
    tracker.change(1, due=date(2026, 3, 25))
    await read_and_judge(context, "onl")
    assert (await only(context)).escalates_at == clock(context).now + 3 * DAY


async def test_another_severity_under_another_rule_starts_that_rules_time(
    context: Context, tracker: TinyTracker
) -> None:
    clock(context).now = MONDAY + HOUR
    await set_priority(context, tracker, 1)
    assert (await only(context)).severity == "high"
    assert (await only(context)).escalates_at == clock(context).now + DAY
    await set_priority(context, tracker, 3)
    assert (await only(context)).escalates_at == clock(context).now + 3 * DAY


async def test_a_severity_that_rises_never_gives_more_time(context: Context, tracker: TinyTracker) -> None:
    clock(context).now = MONDAY + 3 * DAY - HOUR
    await set_priority(context, tracker, 1)
    assert (await only(context)).escalates_at == MONDAY + 3 * DAY


async def test_other_changes_leave_its_time_as_it_was(context: Context, tracker: TinyTracker) -> None:
    clock(context).now += HOUR
    tracker.change(1, due=date(2026, 3, 26))
    await read_and_judge(context, "onl")
    tracker.change(1, title="Another title")
    await read_and_judge(context, "onl")
    row = await only(context)
    assert (row.escalates_at, "Another title" in row.body) == (MONDAY + 3 * DAY, True)


async def test_escalated_it_stays_so_through_every_change(context: Context, tracker: TinyTracker) -> None:
    clock(context).now += 3 * DAY
    assert await escalate(context) == 1
    at = (await only(context)).escalated_at
    await set_priority(context, tracker, 1)
    row = await only(context)
    assert (row.severity, row.escalates_at, row.escalated_at) == ("high", None, at)
    clock(context).now += 30 * DAY
    assert await escalate(context) == 0


async def test_a_rule_that_the_product_file_gains_counts_from_then_on(
    database: Database, tracker: TinyTracker
) -> None:
    context = await opened(database, tracker, RULES[0])
    context.product = context.product.model_copy(update={"escalation": RULES})
    clock(context).now = MONDAY + DAY
    await analyse_all(context)
    assert (await only(context)).escalates_at == MONDAY + 4 * DAY
    context.product = context.product.model_copy(update={"escalation": ()})
    clock(context).now = MONDAY + 5 * DAY
    assert await escalate(context) == 0  # nobody is named any more
    assert (await only(context)).escalates_at is None


async def test_two_processes_that_look_at_once_tell_it_once(context: Context) -> None:
    clock(context).now += 3 * DAY
    other = Context(
        context.product, context.settings, Database(url(context)), context.vault, clock=context.clock
    )
    counts = await asyncio.gather(*(escalate(one) for one in (context, other, context, other)))
    await other.database.close()
    assert sum(counts) == 1
    assert len(await told(context, "conflict.escalated")) == 1
    assert [what for what, *_ in await history(context)] == ["opened", "escalated"]


def url(context: Context) -> str:
    return context.database.engine.url.set(
        drivername=context.database.engine.url.get_backend_name()
    ).render_as_string(hide_password=False)


async def test_a_decision_waits_for_the_analysis_that_is_being_stored(context: Context) -> None:
    """It would write back the state it had read, and the decision would be lost."""
    one = (await only(context)).id
    async with context.database.write() as connection:
        before = await revision.analysed(connection)
        assert await revision.claim_analysis(connection, before)
        deciding = asyncio.create_task(decide(context, one, Decision("acknowledge", "PO")))
        await asyncio.sleep(0.2)
        assert not deciding.done()
        row = (await connection.execute(select(conflict).where(conflict.c.id == one))).mappings().one()
        await written_conflicts.change(connection, one, {"state": row["state"], "severity": "high"})
    await deciding
    assert ((await only(context)).state, (await only(context)).severity) == ("acknowledged", "high")


async def test_the_worker_sees_to_it(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_flow, "IDLE_SECONDS", 0.05)
    stop = asyncio.Event()
    running = asyncio.create_task(Worker(context).run(stop))
    try:
        await asyncio.sleep(0.3)
        assert await told(context, "conflict.escalated") == []
        clock(context).now += 3 * DAY
        async with asyncio.timeout(20):
            while not await told(context, "conflict.escalated"):  # noqa: ASYNC110 - it is a database that is watched
                await asyncio.sleep(0.02)
    finally:
        stop.set()
        await running
    assert len(await told(context, "conflict.escalated")) == 1
