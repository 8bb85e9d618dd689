"""What a read does to the stored backlog: identity, teams, restricted and unreadable records, history."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
import pytest

from connectors.contract import Page
from connectors.item import Change
from service.flow.context import Context
from service.flow.reading.ingest import ingest
from service.flow.unit_of_work import unit_of_work
from service.store.backlog import items
from service.store.database.engine import Database
from service.store.tables import item_raw
from tests.support.flow import (
    announcements,
    answer,
    changes,
    clock,
    connector,
    flow_context,
    links,
    queued,
    read_and_judge,
    rejected,
    rows,
    source,
    source_row,
    stored,
    sync,
    told,
)
from tests.support.tiny import TinyTracker


@pytest.fixture
def tracker() -> TinyTracker:
    return TinyTracker()


async def test_what_did_not_change_is_not_written(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    before = await stored(context)
    tracker.change(2)  # its moment only
    tracker.change_silently(3, title="New")
    result = await sync(context, full=True)
    assert (result.read, result.changed) == (3, 2)
    after = await stored(context)
    assert after["ONL-1"].record == before["ONL-1"].record
    assert after["ONL-1"].seen > before["ONL-1"].seen
    assert (await answer(context, "onl:3"))["title"] == "New"


@pytest.mark.parametrize("order", [("onl", "sto"), ("sto", "onl")])
async def test_a_moved_item_keeps_its_id_and_changes_team(
    database: Database, tracker: TinyTracker, order: tuple[str, str]
) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    tracker.change(2, project="STO", number=900)
    for key in order:
        await sync(context, key, full=True)
    moved = (await stored(context))["STO-900"]
    assert (moved.id, moved.source, moved.team) == ("onl:2", "sto", "sto")
    assert len(await stored(context)) == 3
    await sync(context, "onl", full=True)
    assert (await stored(context))["STO-900"].source == "sto"


async def test_a_move_is_history(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(1)
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await read_and_judge(context)
    tracker.change(1, project="STO")
    await sync(context, "sto")
    assert [(one.item, one.field, one.before, one.after) for one in await changes(context)] == [
        ("onl:1", "team", "onl", "sto")
    ]


async def test_an_item_of_two_selections_belongs_to_the_first(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add(labels=("shared",))
    tracker.add()
    both = (source("shared", project="ONL", label="shared"), source("onl"))
    context = await flow_context(database, tracker, *both)
    for key in ("onl", "shared", "onl"):
        await sync(context, key, full=True)
    assert {key: row.source for key, row in (await stored(context)).items()} == {
        "ONL-1": "shared",
        "ONL-2": "onl",
    }
    assert (await stored(context))["ONL-1"].id == "onl:1"


async def test_what_leaves_the_first_selection_is_asked_for_at_the_second(
    database: Database, tracker: TinyTracker
) -> None:
    """The second has read past it long ago, and no change of its own would bring it in again."""
    tracker.add(labels=("shared",))
    both = (source("shared", project="ONL", label="shared"), source("onl"))
    context = await flow_context(database, tracker, *both)
    await read_and_judge(context)
    tracker.change_silently(1, labels=())
    await sync(context, "shared", full=True)
    assert await announcements(context) == {("onl", "1")}
    assert "read:onl" in await queued(context)


async def test_an_item_that_comes_back_is_the_same_item(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(2)
    context = await flow_context(database, tracker, source("onl"), source("all", project="*"))
    await read_and_judge(context)
    gone = tracker.issues.pop(1)
    await sync(context, full=True)
    assert list(await stored(context)) == ["ONL-2"]
    tracker.issues[1] = replace(gone, project="NEW")
    await sync(context, "all", full=True)
    assert {row.id for row in (await stored(context)).values()} == {"onl:1", "onl:2"}


async def test_a_restricted_item_leaves_at_the_next_read(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    tracker.change(2, is_secret=True)
    result = await sync(context)
    assert result.changed == 1
    assert set(await stored(context)) == {"ONL-1", "ONL-3"}
    assert {row.item for row in await rows(context, item_raw)} == {"onl:1", "onl:3"}
    tracker.change(2)
    assert (await sync(context)).changed == 0  # it was gone already
    tracker.change(2, is_secret=False)
    await sync(context)
    assert (await stored(context))["ONL-2"].id == "onl:2"


async def test_a_source_that_includes_restricted_items_keeps_them(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add(is_secret=True)
    both = (source("onl", include_restricted=True), source("other", project="ONL"))
    context = await flow_context(database, tracker, *both)
    await sync(context, "onl")
    await sync(context, "other")
    assert set(await stored(context)) == {"ONL-1"}


async def test_a_record_that_cannot_be_read_is_listed_until_it_can(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.change(2, is_broken=True)
    result = await sync(context)
    assert (result.read, result.rejected) == (1, 1)
    assert await rejected(context) == [("ONL-2", "its record is broken")]
    await sync(context, full=True)
    assert "ONL-2" in await stored(context)  # met, though not readable
    tracker.change(2, is_broken=False)
    await sync(context)
    assert await rejected(context) == []
    assert (await source_row(context)).rejected_count == 0


async def test_a_full_scan_forgets_complaints_that_no_longer_hold(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add(is_broken=True)
    tracker.add(word="P-odd")
    context = await flow_context(database, tracker)
    await sync(context)
    row = await source_row(context)
    assert (row.rejected_count, orjson.loads(row.unmapped)) == (1, {"priority": ["P-odd"]})
    tracker.delete(1)
    tracker.change_silently(2, priority=2)
    await sync(context, full=True)
    row = await source_row(context)
    assert (row.rejected_count, orjson.loads(row.unmapped)) == (0, {"priority": []})


async def test_unmapped_words_gather(database: Database, tracker: TinyTracker) -> None:
    tracker.add(word="zz")
    context = await flow_context(database, tracker)
    await sync(context)
    tracker.add(word="aa")
    await sync(context)
    assert orjson.loads((await source_row(context)).unmapped) == {"priority": ["aa", "zz"]}


@pytest.mark.parametrize(
    ("title", "kept"),
    [
        ("a\x00b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("literally \\u0000", "literally \\u0000"),
        ("\u202eevil 😀 zero\u200bwidth", "\u202eevil 😀 zero\u200bwidth"),
        ("x" * 100_000, "x" * 100_000),
    ],
)
async def test_text_that_a_database_cannot_hold_is_replaced_and_the_item_kept(
    database: Database, tracker: TinyTracker, title: str, kept: str
) -> None:
    tracker.add(title=title, labels=(title[:50],), word=title[:50], priority=1)
    tracker.add()
    context = await flow_context(database, tracker)
    result = await sync(context)
    assert (result.changed, result.rejected) == (2, 0)
    found = await answer(context, "onl:1")
    assert (found["title"], found["labels"]) == (kept, [kept[:50]])


async def test_a_record_that_cannot_be_kept_costs_only_itself(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.fill(3)
    context = await flow_context(database, tracker)
    [page] = [one async for one in connector(context).pages(None)]
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    broken = [
        replace(page.items[0], hidden_blockers=10**5000),
        replace(page.items[1], rank=deep),
        page.items[2],
    ]
    async with unit_of_work(context) as work:
        counts = await ingest(work, context.options_of("onl"), [replace(page, items=broken)], 1.0)
    assert (counts.changed, counts.rejected) == (1, 2)
    assert set(await stored(context)) == {"ONL-3"}


async def test_the_trackers_own_answer_is_kept_packed(database: Database, tracker: TinyTracker) -> None:
    tracker.add(title="Raw")
    context = await flow_context(database, tracker)
    await sync(context)
    [row] = await rows(context, item_raw)
    assert [items.unpack(bytes(row.body))] == list(tracker.answers)


async def test_a_read_that_was_overtaken_by_a_newer_one_changes_nothing(
    database: Database, tracker: TinyTracker
) -> None:
    """A slow page, a webhook's read meanwhile: the newest wins, whichever is stored last."""
    tracker.add(title="old")
    context = await flow_context(database, tracker)
    [slow] = [one async for one in connector(context).pages(None)]
    began = clock(context).now
    clock(context).forward(5)
    tracker.change(1, title="new")
    await sync(context)
    async with unit_of_work(context) as work:
        await ingest(work, context.options_of("onl"), [slow], began)
    assert (await answer(context, "onl:1"))["title"] == "new"
    clock(context).forward(5)
    tracker.issues[1] = replace(tracker.issues[1], title="restored", updated=1.0)  # from a backup
    await sync(context, full=True)
    assert (await answer(context, "onl:1"))["title"] == "restored"


async def test_a_route_gives_the_team_and_the_last_takes_what_is_left(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add(components=(" Search ",))
    tracker.add(labels=("APP",), kind="bug")
    tracker.add(labels=("APP",))
    tracker.add()
    route = [
        {"when": {"component": "search"}, "team": "search"},
        {"when": {"label": "app", "type": "bug"}, "team": "app"},
        {"team": "online"},
    ]
    context = await flow_context(database, tracker, source("onl", route=route))
    await sync(context)
    assert [row.team for row in (await stored(context)).values()] == ["search", "app", "online", "online"]


async def linked(context: Context, tracker: TinyTracker) -> None:
    """ONL-1 blocks STO-2, and both say so."""
    tracker.add("ONL", blocks=(2,))
    tracker.add("STO", blocked_by=(1,))
    await read_and_judge(context)
    assert len(await links(context)) == 2


async def test_a_link_that_is_gone_at_one_end_has_the_other_end_read_again(
    database: Database, tracker: TinyTracker
) -> None:
    context = await flow_context(database, tracker, source("onl"), source("sto"))
    await linked(context, tracker)
    tracker.change(1, blocks=())
    tracker.change_silently(2, blocked_by=())
    await sync(context)
    assert await announcements(context) == {("sto", "2")}
    assert (await queued(context))["read:sto"] == {"source": "sto"}
    assert [one.item for one in await links(context)] == ["sto:2"]


async def test_both_ends_in_one_read_announce_nobody(database: Database, tracker: TinyTracker) -> None:
    context = await flow_context(database, tracker, source("all", project="*"))
    await linked(context, tracker)
    tracker.change(1, blocks=())
    tracker.change(2, blocked_by=())
    await sync(context, "all")
    assert await announcements(context) == set()


async def test_what_changed_is_history_and_a_moved_epic_is_told(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add(kind="epic", due=date(2026, 4, 1), state="todo", priority=3)
    tracker.add(due=date(2026, 4, 1))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    tracker.change(1, due=date(2026, 5, 1), state="doing", priority=1)
    tracker.change(2, due=None)
    await sync(context)
    assert {(one.item, one.field, one.before, one.after) for one in await changes(context)} == {
        ("onl:1", "due", "2026-04-01", "2026-05-01"),
        ("onl:1", "state", "todo", "doing"),
        ("onl:1", "priority", "3", "1"),
        ("onl:2", "due", "2026-04-01", None),
    }
    [moved] = await told(context, "plan.moved")
    assert moved.teams == ("onl",)
    assert moved.data["key"] == "ONL-1"
    assert moved.data["changes"] == {"due": {"before": "2026-04-01", "after": "2026-05-01"}}


async def test_an_item_ranked_otherwise_is_history_and_a_renumbering_is_none(
    database: Database, tracker: TinyTracker
) -> None:
    """Jira numbers all anew in another bucket now and then; ranks without one may mean anything."""
    for rank in ("0|b:", "0|c:", "0|d:", "00000004", None):
        tracker.add(rank=rank)
    context = await flow_context(database, tracker)
    await sync(context)
    for number, rank in enumerate(("0|e:", "0|a:", "1|d:", "00000001", "0|f:"), 1):
        tracker.change(number, rank=rank)
    now = clock(context).now
    await sync(context)
    found = [(one.item, one.field, one.before, one.after, one.at) for one in await changes(context)]
    assert found == [("onl:1", "order", None, "lower", now), ("onl:2", "order", None, "higher", now)]


async def test_a_moved_item_is_told_when_another_waits_for_it(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add(due=date(2026, 4, 1), start=date(2026, 3, 20))
    tracker.add(blocked_by=(1,))
    context = await flow_context(database, tracker)
    await read_and_judge(context)
    tracker.change(1, start=date(2026, 3, 25))
    tracker.change(2, due=date(2026, 6, 1))
    await sync(context)
    assert [one.data["key"] for one in await told(context, "plan.moved")] == ["ONL-1"]


async def test_the_trackers_own_history_is_kept_once(database: Database, tracker: TinyTracker) -> None:
    tracker.fill(1)
    at = datetime(2026, 2, 1, tzinfo=UTC)
    mine = Change(tracker.identity(1), "77", at, "due", None, "2026-04-01", "Some\x00one")
    tracker.changes += [mine, mine, replace(mine, item=tracker.identity(404))]
    context = await flow_context(database, tracker)
    await sync(context)
    await sync(context, full=True)
    assert [(one.item, one.ref, one.at, one.after, one.by) for one in await changes(context)] == [
        ("onl:1", "77", at.timestamp(), "2026-04-01", "Some\ufffdone")
    ]


async def test_a_document_of_done_is_of_the_whole_source(database: Database, tracker: TinyTracker) -> None:
    tracker.document = ("Code reviewed", "Tested")
    context = await flow_context(database, tracker)
    await sync(context)
    assert orjson.loads((await source_row(context)).definition_of_done) == ["Code reviewed", "Tested"]


async def test_the_newest_of_a_repeated_item_wins(database: Database, tracker: TinyTracker) -> None:
    tracker.add(title="first")
    context = await flow_context(database, tracker)
    [page] = [one async for one in connector(context).pages(None)]
    again = Page([replace(page.items[0], title="second")], page.checkpoint)
    async with unit_of_work(context) as work:
        counts = await ingest(work, context.options_of("onl"), [page, again], 1.0)
    assert (counts.read, counts.changed) == (1, 1)
    assert (await answer(context, "onl:1"))["title"] == "second"
