"""A project or repository that was renamed: its older name means the same, in texts, links and webhooks."""

from typing import Any

import pytest

from connectors.item import Link
from service.flow.context import Context
from service.flow.reading import announced as announced_reading
from service.flow.reading.announced import read_announced, receive
from service.store.database.engine import Database
from tests.support import tiny
from tests.support.flow import answer, flow_context, ids, read_and_judge, source, stored, sync, unresolved
from tests.support.tiny import TinyTracker

SITE = "jira://tiny.example"
FORMS = {
    "a text that says no site": "jira:OLD-1",
    "an address": f"{SITE}/OLD-1",
    "the name of now, without a site": "jira:NEW-1",
    "the address of now": f"{SITE}/NEW-1",
}


@pytest.fixture
def tracker(monkeypatch: pytest.MonkeyPatch) -> TinyTracker:
    monkeypatch.setattr(announced_reading, "connector_kinds", lambda: {"tiny": tiny})
    return TinyTracker()


async def blockers(context: Context, key: str) -> Any:
    return (await answer(context, (await ids(context))[key]))["blocked_by"]


@pytest.mark.parametrize("is_renamed_at_first", [True, False])
@pytest.mark.parametrize("ref", FORMS.values(), ids=FORMS.keys())
async def test_both_names_mean_the_same(
    database: Database, tracker: TinyTracker, ref: str, is_renamed_at_first: bool
) -> None:
    first, now = ("NEW", "NEW") if is_renamed_at_first else ("OLD", "NEW")
    tracker.add(first)
    context = await flow_context(database, tracker, source("old", project="OLD"), source("sto"))
    if is_renamed_at_first:
        tracker.redirects["OLD"] = "NEW"
    await read_and_judge(context)
    before = [row.id for row in (await stored(context)).values()]
    tracker.redirects["OLD"] = "NEW"
    tracker.change(1, project=now)
    tracker.add("STO", number=9, texts=(Link("blocked-by", ref, "text", "blocked by"),))
    context.probed.clear()  # an hour later
    await read_and_judge(context)
    assert await blockers(context, "STO-9") == [(await ids(context))["NEW-1"]] == before
    assert await unresolved(context) == []
    assert tracker.looked_up == []


async def test_items_that_are_stored_answer_to_an_older_name_as_soon_as_it_is_known(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("NEW")
    tracker.add("STO", number=9, texts=(Link("blocked-by", f"{SITE}/OLD-1", "text", "blocked by"),))
    context = await flow_context(database, tracker, source("new"), source("sto"))
    await read_and_judge(context)
    assert await blockers(context, "STO-9") == []
    tracker.redirects["OLD"] = "NEW"
    context.probed.clear()
    await read_and_judge(context)
    assert await blockers(context, "STO-9") == [(await ids(context))["NEW-1"]]


async def test_a_webhook_under_either_name_has_the_item_read(
    database: Database, tracker: TinyTracker
) -> None:
    tracker.add("NEW")
    tracker.redirects["OLD"] = "NEW"
    context = await flow_context(database, tracker, source("old", project="OLD"))
    await sync(context, "old")
    tracker.change(1, title="Another")
    headers, body = tiny.hook("d1", ids=["1"])
    await receive(context, "tiny", "old", headers, body)
    await read_announced(context, "old")
    assert (await stored(context))["NEW-1"].title == "Another"
