"""Two teams agree on a dependency: every step is kept, told and judged before it is answered."""

import asyncio
from datetime import date
from typing import Any

import orjson
import pytest

from config.product.model import About
from service.domain.conflict.agreement import DayError, StateError
from service.domain.plan.dependency import dependency_id
from service.errors import NotFound
from service.flow.context import Context
from service.flow.decisions.agree import Move, agree
from service.store.database.engine import Database
from service.store.dependencies import agreements
from service.store.process import touched
from service.store.tables import agreement, agreement_step
from tests.support.flow import (
    clock,
    conflicts,
    flow_context,
    ids,
    read_and_judge,
    rows,
    source,
    stored,
    sync,
    told,
)
from tests.support.tiny import TinyTracker

NEEDED, EARLIER, LATER = date(2026, 3, 13), date(2026, 3, 11), date(2026, 3, 20)
DAY = 86400.0


@pytest.fixture
def tracker() -> TinyTracker:
    """Nothing in it clashes: STO-2 waits for ONL-1, which is due before it starts."""
    found = TinyTracker()
    found.add("ONL", due=date(2026, 3, 10), priority=2)
    found.add("STO", start=date(2026, 3, 16), due=date(2026, 3, 31), priority=2, blocked_by=(1,))
    return found


@pytest.fixture
async def context(database: Database, tracker: TinyTracker) -> Context:
    found = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(found)
    return found


async def edge(context: Context) -> str:
    known = await ids(context)
    return dependency_id(known["ONL-1"], known["STO-2"])


async def say(context: Context, action: Any, day: date | None = None, note: str | None = None) -> None:
    await agree(context, await edge(context), Move(action, f"PO who may {action}", day, note))


async def clashes(context: Context) -> dict[str, str]:
    """State by rule."""
    return {row.kind: row.state for row in await conflicts(context)}


async def test_a_request_is_kept_with_who_when_and_why(context: Context) -> None:
    await say(context, "request", NEEDED, "The pilot starts")
    [row] = await rows(context, agreement)
    assert tuple(row) == (await edge(context), "requested", "2026-03-13", None, "2026-03-02")
    async with context.database.read() as connection:
        [step] = await agreements.steps(connection, await edge(context))
    at = clock(context).now
    assert step == (at, "requested", "PO who may request", "2026-03-13", "The pilot starts")


async def test_every_step_is_told_to_both_teams(context: Context) -> None:
    known = await ids(context)
    await say(context, "request", NEEDED)
    await say(context, "propose", LATER, "The supplier is late")
    await say(context, "accept")
    await say(context, "withdraw")
    found = await told(context, *(f"agreement.{one}" for one in ("requested", "proposed", "accepted")))
    assert [one.type for one in found] == ["agreement.requested", "agreement.proposed", "agreement.accepted"]
    assert [one.teams for one in found] == [("onl", "sto")] * 3
    assert found[1].data == {
        "title": "onl proposes to have ONL-1 by Fri 20 Mar 2026 for STO-2; sto asked for Fri 13 Mar 2026.",
        "owners": [
            {"team": "onl", "name": "PO onl", "email": None},
            {"team": "sto", "name": "PO sto", "email": None},
        ],
        "dependency": await edge(context),
        "blocker": {"id": known["ONL-1"], "key": "ONL-1", "title": "Title 1", "team": "onl"},
        "dependent": {"id": known["STO-2"], "key": "STO-2", "title": "Title 2", "team": "sto"},
        "state": "proposed",
        "needed_by": "2026-03-13",
        "date": "2026-03-20",
        "by": "PO who may propose",
        "note": "The supplier is late",
    }
    assert (found[2].data["state"], found[2].data["date"]) == ("committed", "2026-03-20")
    [withdrawn] = await told(context, "agreement.withdrawn")
    assert (withdrawn.data["state"], withdrawn.data["date"]) == ("none", "2026-03-20")


async def test_a_step_is_told_in_the_products_language(database: Database, tracker: TinyTracker) -> None:
    about = About(name="Winkel", timezone="Europe/Amsterdam", language="nl")
    context = await flow_context(database, tracker, source("onl"), source("sto"), product=about)
    await read_and_judge(context)
    await say(context, "request", NEEDED)
    await say(context, "commit")
    assert [
        one.data["title"] for one in await told(context, "agreement.requested", "agreement.committed")
    ] == [
        "sto vraagt onl om ONL-1 uiterlijk op vr 13 mrt 2026 te hebben voor STO-2.",
        "onl zegt sto toe ONL-1 uiterlijk op vr 13 mrt 2026 te hebben voor STO-2.",
    ]


async def test_a_commitment_before_the_blockers_due_is_a_broken_promise_at_once(context: Context) -> None:
    await say(context, "request", NEEDED)
    assert await clashes(context) == {}
    await say(context, "commit", date(2026, 3, 9))  # it is due on the 10th
    assert await clashes(context) == {"dependency-broken-promise": "open"}
    [row] = await conflicts(context)
    assert orjson.loads(row.body)["dependencies"] == [await edge(context)]
    assert {row.conflicts for row in (await stored(context)).values()} == {1}
    await say(context, "propose", LATER)
    await say(context, "accept")
    assert await clashes(context) == {"dependency-broken-promise": "resolved"}


async def test_a_promise_breaks_when_the_tracker_moves_the_blocker(
    context: Context, tracker: TinyTracker
) -> None:
    await say(context, "request", NEEDED)
    await say(context, "commit")
    assert await clashes(context) == {}
    tracker.change(1, due=date(2026, 3, 14))
    await read_and_judge(context, "onl")
    assert await clashes(context) == {"dependency-broken-promise": "open"}
    tracker.change(1, due=date(2026, 3, 13))
    await read_and_judge(context, "onl")
    assert await clashes(context) == {"dependency-broken-promise": "resolved"}


async def test_a_request_that_waits_too_long_is_unanswered_until_it_is_answered(context: Context) -> None:
    await say(context, "request", NEEDED)
    clock(context).now += 5 * DAY
    await read_and_judge(context)
    assert await clashes(context) == {}
    clock(context).now += DAY
    await read_and_judge(context)
    assert await clashes(context) == {"dependency-unanswered": "open"}
    await say(context, "decline", note="Not before the summer")
    assert await clashes(context) == {"dependency-unanswered": "resolved"}


async def test_withdrawn_nothing_is_agreed_and_the_steps_stay(context: Context) -> None:
    await say(context, "request", NEEDED)
    await say(context, "commit", date(2026, 3, 9))
    await say(context, "withdraw", note="We do without")
    assert await rows(context, agreement) == []
    assert await clashes(context) == {"dependency-broken-promise": "resolved"}
    steps = await rows(context, agreement_step, agreement_step.c.seq)
    assert [(one.what, one.day) for one in steps] == [
        ("requested", "2026-03-13"),
        ("committed", "2026-03-09"),
        ("withdrawn", None),
    ]
    await say(context, "request", NEEDED)
    assert len(await rows(context, agreement_step)) == 4


async def test_a_refused_step_leaves_nothing_behind(context: Context) -> None:
    for action, day, error in (("accept", None, StateError), ("request", date(2026, 3, 1), DayError)):
        with pytest.raises(error):
            await say(context, action, day)
    assert await rows(context, agreement_step) == []
    assert await told(context, "agreement.accepted", "agreement.requested") == []
    async with context.database.read() as connection:
        assert not await touched.is_any(connection)


async def test_an_unknown_dependency_is_a_key_error(context: Context) -> None:
    with pytest.raises(NotFound):
        await agree(context, "dep_none", Move("request", "PO", NEEDED))


async def test_with_oneself_or_on_something_closed_there_is_nothing_to_agree(
    context: Context, tracker: TinyTracker
) -> None:
    tracker.add("STO", blocked_by=(2,))
    await read_and_judge(context, "sto")
    known = await ids(context)
    with pytest.raises(StateError, match="one team"):
        await agree(context, dependency_id(known["STO-2"], known["STO-3"]), Move("request", "PO", NEEDED))
    await say(context, "request", NEEDED)
    tracker.change(1, state="done")
    await read_and_judge(context, "onl")
    with pytest.raises(StateError, match="closed"):
        await say(context, "commit")
    await say(context, "withdraw")  # what is over may be tidied up


async def test_the_item_may_have_left_before_its_dependency_is_judged_again(
    context: Context, tracker: TinyTracker
) -> None:
    one = await edge(context)
    tracker.delete(1)
    await sync(context, "onl", full=True)
    with pytest.raises(NotFound):
        await agree(context, one, Move("request", "PO", NEEDED))


async def test_of_two_answers_at_the_same_moment_the_second_is_judged_by_the_first(context: Context) -> None:
    await say(context, "request", NEEDED)
    await say(context, "propose", LATER)
    answers = await asyncio.gather(
        *(say(context, action) for action in ("accept", "decline")), return_exceptions=True
    )
    [refused] = [one for one in answers if one is not None]
    assert isinstance(refused, StateError)
    [row] = await rows(context, agreement)
    assert row.state in ("committed", "declined")
    assert len(await rows(context, agreement_step)) == 3
