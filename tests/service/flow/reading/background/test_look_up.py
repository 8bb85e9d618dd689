"""Names that nobody here answers to: what their tracker says of them, and how often it is asked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from connectors.contract import SourceError
from connectors.item import Link
from service.flow.analysis.rejudge import analyse_all, judge_changes
from service.flow.context import Context
from service.flow.reading.background.look_up import ask_without_worker, look_up_names, note_names
from service.store.database.engine import Database
from service.store.naming import look_ups
from service.store.process import jobs
from service.store.sources import sources
from service.store.tables import look_up, metadata
from tests.support.flow import (
    answer,
    ask_and_judge,
    clock,
    flow_context,
    ids,
    read_and_judge,
    rows,
    source,
    sync,
    unresolved,
)
from tests.support.tiny import TinyTracker

SITE = "jira://tiny.example"
DAY = 86400.0


def says(key: str, relation: Any = "blocked-by", origin: Any = "text") -> Link:
    """As the text of an item says it, without a site."""
    return Link(relation, f"jira:{key}", origin, relation)


@pytest.fixture
def tracker() -> TinyTracker:
    return TinyTracker()


async def edges(context: Context, key: str) -> list[Any]:
    found: list[Any] = (await answer(context, (await ids(context))[key]))["blocked_by"]
    return found


FORMS = {
    "a text that says no site": says("ONL-77777"),
    "an address in a text": Link("blocked-by", f"{SITE}/ONL-77777", "text", "blocked by"),
    "a remote link": Link("blocked-by", f"{SITE}/ONL-77777", "remote", "is blocked by"),
    "a link of the tracker by name": Link("blocked-by", f"{SITE}/ONL-77777", "native", "blocked by"),
}


@pytest.mark.parametrize("link", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("label", ["planned", None])
async def test_what_its_tracker_does_not_have_is_unresolved_whatever_the_filter(
    database: Database, tracker: TinyTracker, link: Link, label: str | None
) -> None:
    tracker.add("ONL", labels=("planned",), texts=(link,))
    context = await flow_context(database, tracker, source("onl", label=label))
    await read_and_judge(context)
    assert await unresolved(context) == []  # not asked yet: neither missing nor well
    async with database.read() as connection:
        assert await look_ups.unasked_counts(connection) == {"onl": 1}
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-1", "ONL-77777")]
    async with database.read() as connection:
        assert await look_ups.unasked_counts(connection) == {}


@pytest.mark.parametrize("where", ["a text", "a link of the tracker"])
async def test_what_a_filter_leaves_out_is_not_unresolved(
    database: Database, tracker: TinyTracker, where: str
) -> None:
    tracker.add("ONL", number=9)
    how: dict[str, Any] = {"blocked_by": (1,)} if where != "a text" else {"texts": (says("ONL-9"),)}
    tracker.add("ONL", labels=("planned",), **how)
    context = await flow_context(database, tracker, source("onl", label="planned"))
    await read_and_judge(context)
    await ask_and_judge(context)
    assert tracker.looked_up == [f"{SITE}/ONL-9"]
    assert await unresolved(context) == []
    [row] = await rows(context, look_up)
    assert (row.state, row.identity) == ("item", f"{SITE}/id/1")


async def test_a_pull_request_is_nothing(database: Database, tracker: TinyTracker) -> None:
    tracker.add("ONL", number=9, is_pull_request=True)
    tracker.add("ONL", texts=(says("ONL-9"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    await ask_and_judge(context)
    assert await unresolved(context) == []
    assert [row.state for row in await rows(context, look_up)] == ["other"]


async def test_an_old_name_that_the_tracker_redirects_is_an_edge(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("STO", number=10)
    tracker.redirects = {"ONL-40": "STO-10", "OLD": "STO"}
    tracker.add("ONL", texts=(says("ONL-40"),))
    tracker.add("ONL", texts=(Link("blocked-by", f"{SITE}/ONL-40", "remote", "blocked by"),))
    tracker.add("ONL", texts=(says("OLD-10"),))
    tracker.add("ONL", texts=(says("OLD-11"),))
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    await ask_and_judge(context)
    known = await ids(context)
    assert [await edges(context, f"ONL-{number}") for number in (2, 3, 4)] == [[known["STO-10"]]] * 3
    assert await unresolved(context) == [("ONL-5", "OLD-11")]
    await ask_and_judge(context)
    assert sorted(tracker.looked_up) == [f"{SITE}/OLD-11", f"{SITE}/ONL-40"]  # OLD-10: OLD is STO


async def test_a_redirect_to_what_is_read_later_is_an_edge_then(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("STO", number=10)
    tracker.redirects = {"ONL-40": "STO-10"}
    tracker.add("ONL", texts=(says("ONL-40"),))
    context = await flow_context(database, tracker, source("onl"), source("sto", label="planned"))
    await read_and_judge(context)
    await ask_and_judge(context)
    assert await edges(context, "ONL-2") == []
    tracker.change(1, labels=("planned",))
    await read_and_judge(context, "sto")
    assert await edges(context, "ONL-2") == [(await ids(context))["STO-10"]]


async def whole_database(database: Database) -> str:
    """Everything that answers, events and logs could be made of."""
    told = []
    async with database.read() as connection:
        for table in metadata.sorted_tables:
            if table.name not in ("link", "look_up", "restricted", "reference"):
                told += [str(tuple(row)) for row in await connection.execute(select(table))]
    return "\n".join(told)


@pytest.mark.parametrize("link", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("label", ["planned", None])
async def test_what_is_behind_a_security_level_has_no_name(
    database: Database,
    tracker: TinyTracker,
    capsys: pytest.CaptureFixture[str],
    link: Link,
    label: str | None,
) -> None:
    tracker.add("ONL", number=77777, title="Layoffs", is_secret=True)
    tracker.add("ONL", number=3, labels=("planned",), texts=(link,))
    context = await flow_context(database, tracker, source("onl", label=label))
    await read_and_judge(context)
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-3", "restricted")]
    assert await edges(context, "ONL-3") == [{"restricted": True}]
    everything = await whole_database(database) + capsys.readouterr().out
    assert "77777" not in everything
    assert "Layoffs" not in everything


async def test_what_becomes_restricted_leaves_no_trace_in_what_was_told_of_its_name(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", texts=(says("ONL-77777"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-1", "ONL-77777")]
    tracker.add("ONL", number=77777, is_secret=True)
    clock(context).forward(DAY)
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-1", "restricted")]
    async with database.read() as connection:
        bodies = (await connection.execute(select(metadata.tables["conflict"].c.body))).scalars().all()
    assert "77777" not in "".join(bodies)


async def test_what_was_restricted_and_is_shown_again_is_an_edge(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", number=9, is_secret=True)
    tracker.add("ONL", number=3, texts=(says("ONL-9"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    await ask_and_judge(context)
    assert await edges(context, "ONL-3") == [{"restricted": True}]
    tracker.change(1, is_secret=False)
    await read_and_judge(context)
    assert await edges(context, "ONL-3") == [(await ids(context))["ONL-9"]]
    assert await unresolved(context) == []


async def test_what_is_known_and_becomes_restricted_is_so_under_every_name(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", number=9)
    tracker.add("ONL", number=3, texts=(says("ONL-9"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    tracker.change(1, is_secret=True)
    await read_and_judge(context)
    assert await unresolved(context) == [("ONL-3", "restricted")]
    assert await edges(context, "ONL-3") == [{"restricted": True}]


async def test_names_are_asked_rarely_and_ever_more_so(database: Database, tracker: TinyTracker) -> None:
    tracker.add("ONL", number=9)
    tracker.add("ONL", labels=("planned",), texts=(says("ONL-9"), says("ONL-8")))
    context = await flow_context(database, tracker, source("onl", label="planned"))
    await read_and_judge(context)
    await look_up_names(context, "onl")
    asked: list[tuple[int, list[str]]] = []
    for day in range(1, 36):
        tracker.looked_up.clear()
        clock(context).forward(DAY)
        await analyse_all(context)
        await look_up_names(context, "onl")
        if tracker.looked_up:
            asked.append((day, [name.rpartition("-")[2] for name in tracker.looked_up]))
    assert asked == [(1, ["8"]), (3, ["8"]), (7, ["8"]), (15, ["8"]), (30, ["9"]), (31, ["8"])]


async def test_a_name_that_a_text_newly_mentions_is_asked_at_once_and_one_that_none_mentions_no_more(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", texts=(says("ONL-8"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    await ask_and_judge(context)
    tracker.change(1, texts=(says("ONL-7"),))
    await read_and_judge(context)
    await ask_and_judge(context)
    assert tracker.looked_up == [f"{SITE}/ONL-8", f"{SITE}/ONL-7"]
    clock(context).forward(DAY)
    await ask_and_judge(context)
    assert tracker.looked_up[2:] == [f"{SITE}/ONL-7"]
    assert [row.ref for row in await rows(context, look_up)] == [f"{SITE}/ONL-7"]


async def test_what_comes_to_exist_is_asked_for_no_more(database: Database, tracker: TinyTracker) -> None:
    tracker.add("ONL", texts=(says("ONL-2"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-1", "ONL-2")]
    tracker.add("ONL")
    await read_and_judge(context)
    assert await unresolved(context) == []
    assert await edges(context, "ONL-1") == [(await ids(context))["ONL-2"]]
    clock(context).forward(30 * DAY)
    await ask_and_judge(context)
    assert len(tracker.looked_up) == 1
    assert await rows(context, look_up) == []


async def test_a_look_up_that_fails_leaves_everything_as_it_was(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", texts=(says("ONL-8"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    before = await rows(context, look_up)
    tracker.faults.append(SourceError("unreachable", "tiny.example does not answer"))
    with pytest.raises(SourceError):
        await look_up_names(context, "onl")
    assert await rows(context, look_up) == before
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-1", "ONL-8")]


async def test_a_name_that_cannot_be_asked_this_time_keeps_what_is_known_and_is_asked_again(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", texts=(says("ONL-8"), says("ONL-7")))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    tracker.unanswered = {"ONL-7"}
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-1", "ONL-8")]
    await ask_and_judge(context)
    assert len(tracker.looked_up) == 2
    tracker.unanswered = {"ONL-8"}
    clock(context).forward(DAY)
    await ask_and_judge(context)
    assert await unresolved(context) == [("ONL-1", "ONL-7"), ("ONL-1", "ONL-8")]


@pytest.mark.parametrize(
    ("link", "asked"),
    [
        (says("XYZ-1"), [f"{SITE}/XYZ-1"]),  # no source, but it may have been moved from there
        (Link("blocked-by", "jira://elsewhere.example/ONL-1", "text", "blocked by"), []),
        (Link("blocked-by", "github:acme/web#7", "text", "blocked by"), []),
        (Link("relates", f"{SITE}/ONL-8", "text", "see"), []),
        (Link("duplicates", f"{SITE}/ONL-8", "native", "duplicates"), [f"{SITE}/ONL-8"]),
        (says("ONL-8", "blocks"), [f"{SITE}/ONL-8"]),
        (says("xyz-1"), []),  # not in upper case, and no project of any source: no reference at all
    ],
)
async def test_only_what_matters_is_asked_and_only_who_can_know(
    database: Database, tracker: TinyTracker, link: Link, asked: list[str]
) -> None:
    tracker.add("ONL", texts=(link,))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    await ask_and_judge(context)
    assert tracker.looked_up == asked
    assert await unresolved(context) == []


@pytest.mark.parametrize(("state", "days", "asked"), [("done", 29, 1), ("done", 31, 0), ("todo", 31, 1)])
async def test_names_of_what_was_closed_long_ago_are_not_asked(
    database: Database, tracker: TinyTracker, state: Any, days: int, asked: int
) -> None:
    context = await flow_context(database, tracker)
    closed = context.today - timedelta(days) if state == "done" else None
    tracker.add("ONL", state=state, closed_on=closed, texts=(says("ONL-8", "blocks"),))
    await read_and_judge(context)
    assert len(await rows(context, look_up)) == asked


async def test_many_names_are_asked_in_batches(
    database: Database, tracker: TinyTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.flow.reading.background.look_up.NAMES_AT_ONCE", 10)
    tracker.add("ONL", texts=tuple(says(f"ONL-{number}") for number in range(100, 125)))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    tracker.asked.clear()
    assert [await look_up_names(context, "onl") for _ in range(4)] == [True, True, True, False]
    assert tracker.asked == ["look up"] * 3
    assert len(set(tracker.looked_up)) == 25
    assert await note_names(context) == 0


async def test_who_lost_the_job_stores_nothing(database: Database, tracker: TinyTracker) -> None:
    tracker.add("ONL", texts=(says("ONL-8"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    lost = jobs.Job("gone", "look-up", "look-up:onl", {}, 1, "lease")
    with pytest.raises(jobs.LeaseLostError):
        await look_up_names(context, "onl", lost)
    assert [row.state for row in await rows(context, look_up)] == [None]


async def test_a_source_that_leaves_the_product_is_asked_nothing(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", texts=(says("ONL-8"),))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    async with database.write() as connection:
        await sources.ensure(connection, ["other"])
    assert await rows(context, look_up) == []


async def test_what_a_text_says_of_another_item_is_asked_for_too(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("STO", number=10)
    tracker.redirects = {"ONL-40": "STO-10", "ONL-41": "ONL-42"}
    tracker.add("ONL", number=42)
    told = Link("blocked-by", "jira:ONL-40", "text", "depends on", subject="jira:ONL-41")
    tracker.add("ONL", number=43, texts=(told,))
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    await ask_and_judge(context)
    assert sorted(tracker.looked_up) == [f"{SITE}/ONL-40", f"{SITE}/ONL-41"]
    assert await edges(context, "ONL-42") == [(await ids(context))["STO-10"]]
    assert await edges(context, "ONL-43") == []


async def test_what_an_answer_concerns_is_judged_at_once(database: Database, tracker: TinyTracker) -> None:
    """Without waiting for an analysis of everything."""
    tracker.add("ONL", number=9, is_secret=True)
    tracker.add("STO", number=10)
    tracker.redirects = {"ONL-40": "STO-10"}
    tracker.add("ONL", number=3, texts=(says("ONL-9"), says("ONL-40")))
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    await look_up_names(context, "onl")
    await judge_changes(context)
    assert await edges(context, "ONL-3") == [(await ids(context))["STO-10"], {"restricted": True}]


async def test_without_a_worker_all_names_are_asked_at_once_and_a_failure_ends_nothing(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("ONL", texts=(says("ONL-8"),))
    tracker.add("STO", texts=(says("STO-8"),))
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await sync(context, "onl")
    await sync(context, "sto")
    await analyse_all(context)
    tracker.faults.append(SourceError("unreachable", "tiny.example does not answer"))
    assert await ask_without_worker(context, ["onl", "sto"])
    assert {row.ref: row.state for row in await rows(context, look_up)} == {
        f"{SITE}/ONL-8": None,
        f"{SITE}/STO-8": "absent",
    }
    assert await ask_without_worker(context, ["onl", "sto"])
    assert not await ask_without_worker(context, ["onl", "sto"])


async def test_an_epic_that_was_moved_is_still_the_parent(database: Database, tracker: TinyTracker) -> None:
    tracker.add("STO", number=10, kind="epic")
    tracker.redirects = {"ONL-40": "STO-10"}
    tracker.add("ONL", parent_key="ONL-40")
    tracker.add("ONL", parent_key="ONL-41")
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    await ask_and_judge(context)
    known = await ids(context)
    assert (await answer(context, known["ONL-2"]))["parent"] == known["STO-10"]
    assert (await answer(context, known["ONL-3"]))["parent"] is None
    assert await unresolved(context) == []
    clock(context).forward(DAY)
    await ask_and_judge(context)
    assert sorted(tracker.looked_up) == [f"{SITE}/ONL-40", f"{SITE}/ONL-41", f"{SITE}/ONL-41"]
