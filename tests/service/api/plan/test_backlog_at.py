"""The backlog of a day gone by: what changed since is taken back, in values and in the order."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.item import Change
from service.flow.context import Context
from tests.support import shop
from tests.support.asking import Api

YESTERDAY = {"at": "2026-03-01"}
WATCHED = ("id", "position", "state", "priority", "start", "due", "team", "effective_priority")


async def listed(api: Api, **parameters: Any) -> list[tuple[Any, ...]]:
    found = (await api.get("/v1/backlog", parameters))["items"]
    return [tuple(one[name] for name in WATCHED) for one in found]


async def test_what_changed_today_is_taken_back_for_yesterday(api: Api, context: Context) -> None:
    before = await listed(api)
    await shop.update(context, "online-jira", 4, due=date(2026, 3, 4), priority=1)
    await shop.update(
        context, "back-jira", 2, state="done", status="Gereed", closed_on=date(2026, 3, 2), due=None
    )
    assert await listed(api) != before
    assert await listed(api, **YESTERDAY) == before
    assert await listed(api, at="2026-03-02") == await listed(api)


async def test_of_several_changes_the_first_after_that_day_tells(api: Api, context: Context) -> None:
    [ticket] = [one for one in shop.ONLINE if one.native_id == "4"]
    told = [
        Change(ticket.identity, "1", datetime(2026, 2, 27, 12, tzinfo=UTC), "due", None, "2026-04-01"),
        Change(
            ticket.identity, "2", datetime(2026, 2, 28, 12, tzinfo=UTC), "due", "2026-04-01", "2026-05-01"
        ),
    ]
    await shop.store(context, "online-jira", [replace(ticket, due=date(2026, 5, 1))], changes=told)
    found = [
        (await api.get("/v1/backlog", {"at": f"2026-02-{day}", "q": "ONL-4"}))["items"][0]["due"]
        for day in (26, 27, 28)
    ]
    assert found == [None, "2026-04-01", "2026-05-01"]


async def test_a_trackers_own_history_tells_in_its_own_words(api: Api, context: Context) -> None:
    [ticket] = [one for one in shop.ONLINE if one.native_id == "4"]
    moment = datetime(2026, 3, 2, 7, tzinfo=UTC)
    told = [
        Change(ticket.identity, "1", moment, "priority", "Highest", "Medium"),
        Change(ticket.identity, "2", moment, "status", "Bezig", "To do"),
        Change(ticket.identity, "3", moment, "due", "2026-03-30", None),
    ]
    await shop.store(context, "online-jira", [ticket], changes=told)
    [found] = (await api.get("/v1/backlog", {**YESTERDAY, "q": "ONL-4"}))["items"]
    assert (found["priority"], found["priority_name"]) == (1, "Highest")
    assert (found["status"], found["due"], found["due_from"]) == ("Bezig", "2026-03-30", "field")


async def test_an_item_closed_since_was_open_and_one_made_since_was_not_there(api: Api) -> None:
    then = await api.ids("/v1/backlog", {"at": "2026-01-31"})
    assert {"online-jira:3", "online-jira:6", "back-jira:4"} <= set(then)
    assert await api.ids("/v1/backlog", {"at": "2025-12-31", "state": "any"}) == []


@pytest.mark.parametrize("sort", ["position", "due", "priority"])
async def test_its_pages_together_are_the_whole_of_it(api: Api, sort: str) -> None:
    asked = {**YESTERDAY, "sort": sort, "state": "any"}
    whole = (await api.get("/v1/backlog", asked))["items"]
    assert await api.walk("/v1/backlog", asked, limit=7) == whole
    assert len(whole) == 23


@pytest.mark.parametrize(
    "filters",
    [
        {"team": "stores"},
        {"kind": "epic"},
        {"goal": "promo"},
        {"parent": "online-jira:1", "state": "any"},
        {"label": "search"},
        {"priority_max": 2},
        {"q": "voucher", "state": "any"},
        {"state": "done"},
    ],
)
async def test_filters_mean_what_they_mean_today(api: Api, filters: dict[str, Any]) -> None:
    found = await listed(api, **filters)
    assert found
    assert await listed(api, at="2026-03-02", **filters) == found


@pytest.mark.parametrize(
    "asked",
    [{"at": "2026-03-03"}, YESTERDAY | {"sort": "updated"}, YESTERDAY | {"has_conflicts": True}],
)
async def test_what_is_not_known_of_the_past_is_refused(api: Api, asked: dict[str, Any]) -> None:
    [field] = await api.refused("GET", "/v1/backlog", params=asked)
    assert field in asked
