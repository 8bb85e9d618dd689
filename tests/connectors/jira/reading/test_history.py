"""The tracker's own history: of the recent past at first, of every later change then."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from connectors.jira.parse.changelog import ChangeReader
from connectors.jira.parse.fields import discover
from connectors.jira.reading import history
from connectors.jira.simulator import DEFAULT_FIELDS, Fault, Flavour, JiraSite, Sprint, issue, version
from connectors.jira.simulator import fields as known
from connectors.options import FieldMapping
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, keys, site_of

ITEM = "jira://acme.atlassian.net/id/10001"
both = pytest.mark.parametrize("flavour", FLAVOURS)


def told(pages: list[Any]) -> list[tuple[str, str | None, str | None]]:
    return [(one.field, one.before, one.after) for page in pages for one in page.changes]


@pytest.fixture
def reader() -> ChangeReader:
    found = discover(DEFAULT_FIELDS, FieldMapping(), (), "10000")
    return ChangeReader(found.fields, DEFAULT_FIELDS)


def stopped(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def a_history(*items: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    made = {"id": "7", "created": "2026-03-01T10:00:00.000+0000", "author": {"displayName": "Ada"}}
    return {**made, "items": list(items), **more}


def entry(field: str, before: str | None, after: str | None, **more: Any) -> dict[str, Any]:
    return {"field": field, "fromString": before, "toString": after, **more}


@pytest.mark.parametrize(
    ("item", "change"),
    [
        (entry("status", "To Do", "Done", fieldId="status"), ("status", "To Do", "Done")),
        (entry("status", "To Do", "Done"), ("status", "To Do", "Done")),
        (
            entry("duedate", None, "2026-03-02 00:00:00.0", **{"from": None, "to": "2026-03-02"}),
            ("due", None, "2026-03-02"),
        ),
        (
            entry("Target end", "1/mrt/26", "2/mrt/26", **{"from": "2026-03-01", "to": "2026-03-02"}),
            ("due", "2026-03-01", "2026-03-02"),
        ),
        (entry("Start date", None, "2/Mar/26", fieldId=known.START_DATE), ("start", None, "2/Mar/26")),
        (entry("Sprint", "Sprint 1", "Sprint 1, Sprint 2"), ("sprint", "Sprint 1", "Sprint 1, Sprint 2")),
        (entry("Fix Version", "1.0", None), ("release", "1.0", None)),
        (entry("Fix Version/s", None, "1.0"), ("release", None, "1.0")),
        (entry("priority", "Low", "High"), ("priority", "Low", "High")),
        (entry("assignee", "Ada", "", fieldId="assignee"), ("assignee", "Ada", None)),
        (entry("Team", None, "Online", fieldId=known.TEAM), ("team", None, "Online")),
        (entry("Rank", "", "Ranked higher", fieldId=known.RANK), ("order", None, "Ranked higher")),
        (entry("Rank", "", "Ranked lower"), ("order", None, "Ranked lower")),
    ],
)
def test_changes_of_the_plan_are_told(reader: ChangeReader, item: dict[str, Any], change: Any) -> None:
    (found,) = reader.parse(ITEM, [a_history(item)], 0.0)
    assert (found.field, found.before, found.after) == change
    assert (found.item, found.id, found.by) == (ITEM, "7", "Ada")
    assert found.at == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("field", ["summary", "Ranking", "Link", "description", "project", ""])
def test_other_changes_are_left_out(reader: ChangeReader, field: str) -> None:
    assert reader.parse(ITEM, [a_history(entry(field, "a", "b"))], 0.0) == []


def test_several_changes_of_one_field_at_once_are_told_apart(reader: ChangeReader) -> None:
    two = a_history(entry("Fix Version", None, "1.0"), entry("Fix Version", None, "1.1"))
    assert [one.id for one in reader.parse(ITEM, [two], 0.0)] == ["7", "7.1"]


@pytest.mark.parametrize("created", [1772359200, 1772359200000])
def test_a_moment_may_come_as_a_number(reader: ChangeReader, created: int) -> None:
    (found,) = reader.parse(ITEM, [a_history(entry("status", "a", "b"), created=created)], 0.0)
    assert found.at == datetime(2026, 3, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "broken",
    [
        None, "x", {}, {"id": "1"}, a_history(created="yesterday"), a_history(created=None),
        a_history(None), a_history(created=10**30), a_history(entry("status", "a", "b"), author="Ada"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_costs_only_itself(reader: ChangeReader, broken: Any) -> None:
    good = a_history(entry("status", "a", "b"))
    assert [one.id for one in reader.parse(ITEM, [broken, good], 0.0)] == ["7"]


def test_more_fields_than_cloud_filters_by_are_not_filtered() -> None:
    more = [
        {"id": f"customfield_{number}", "name": "Start date", "schema": {"type": "date"}}
        for number in range(3)
    ]
    listed = [*DEFAULT_FIELDS, *more]
    assert ChangeReader(discover(listed, FieldMapping(), (), "1").fields, listed).field_ids == []
    few = ChangeReader(discover(DEFAULT_FIELDS, FieldMapping(), (), "1").fields, DEFAULT_FIELDS).field_ids
    assert {"status", "duedate", known.SPRINT} <= set(few)
    assert len(few) <= 10


def test_the_order_is_asked_for_where_cloud_takes_one_more_field() -> None:
    listed = [one for one in DEFAULT_FIELDS if one["id"] != known.TEAM]
    room = ChangeReader(discover(listed, FieldMapping(), (), "1").fields, listed).field_ids
    full = ChangeReader(discover(DEFAULT_FIELDS, FieldMapping(), (), "1").fields, DEFAULT_FIELDS).field_ids
    assert (known.RANK in room, len(room)) == (True, 10)
    assert (known.RANK in full, len(full)) == (False, 10)


async def test_data_center_tells_who_was_ranked_higher(reading: Reading) -> None:
    site = site_of("datacenter", 3)
    site.put(issue("ONL-2", "Search", "datacenter", rank="0|i00020:"))
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(issue("ONL-2", "Search", "datacenter", rank="0|i00010:"))
        pages = await everything(connector, checkpoint)
    (change,) = [one for page in pages for one in page.changes if one.field == "order"]
    assert (change.after, change.by) == ("Ranked higher", "Ada Lovelace")


@both
async def test_the_first_scan_tells_of_the_recent_past_only(reading: Reading, flavour: Flavour) -> None:
    now = datetime.now(UTC)
    site = site_of(flavour, 3)
    for days, due in ((200, "2026-01-01"), (20, "2026-02-01"), (10, "2026-03-01")):
        site.clock = stopped(now - timedelta(days=days))
        site.put(issue("ONL-2", "Search", flavour, due=due))
    site.clock = lambda: now
    async with reading(site, remote_links="never") as connector:
        pages = await everything(connector)
    assert sorted(keys(pages)) == ["ONL-1", "ONL-2", "ONL-3"]
    assert told(pages) == [("due", "2026-01-01", "2026-02-01"), ("due", "2026-02-01", "2026-03-01")]
    first = next(index for index, page in enumerate(pages) if page.changes)
    assert keys(pages[: first + 1]) == keys(pages), "an issue is in before what is told of it"
    assert "updated" in pages[-1].checkpoint


@both
async def test_a_delta_tells_what_changed(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 5)
    sprint = Sprint(1, "Sprint 1", "active", "2026-03-02T08:00:00.000Z", "2026-03-13T16:00:00.000Z")
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(
            issue(
                "ONL-2",
                "Search",
                flavour,
                status="In Progress",
                priority="High",
                sprint=sprint,
                due="2026-03-05",
                assignee="Grace Hopper",
                versions=[version("2.0")],
            )
        )
        pages = await everything(connector, checkpoint)
    assert set(told(pages)) == {
        ("status", "To Do", "In Progress"), ("priority", "Medium", "High"), ("due", None, "2026-03-05"),
        ("assignee", None, "Grace Hopper"), ("release", None, "2.0"),
        ("sprint", None, _sprint_words(flavour, site)),
    }  # fmt: skip
    assert {one.item for page in pages for one in page.changes} == {pages[0].items[0].identity}
    assert "changelog" not in orjson.loads(pages[0].items[0].raw)


def _sprint_words(flavour: Flavour, site: JiraSite) -> str:
    found = site.find("ONL-2")
    assert found is not None
    value = found["fields"][known.SPRINT][0]
    return "Sprint 1" if flavour == "cloud" else str(value)


@both
async def test_an_item_read_by_id_brings_its_changes(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2)
    async with reading(site) as connector:
        made = site.put(issue("ONL-2", "Search", flavour, status="Done"))
        page = await connector.read([made["id"]])
    assert told([page]) == [("status", "To Do", "Done")]


@both
async def test_nothing_is_told_of_what_not_everyone_may_see(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(issue("ONL-2", "Takeover", flavour, security="Board only", status="Done"))
        assert told(await everything(connector, checkpoint)) == []
        assert told(await everything(connector)) == []
    async with reading(site, remote_links="never", include_restricted=True) as connector:
        assert told(await everything(connector)) == [("status", "To Do", "Done")]


@both
async def test_the_recent_past_costs_a_bounded_number_of_requests(
    reading: Reading, flavour: Flavour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_REQUESTS", 4)
    monkeypatch.setattr(history, "ISSUES_AT_ONCE", 5)
    monkeypatch.setattr(history, "DATA_CENTER_PAGE", 5)
    site = site_of(flavour, 60)
    for number in range(1, 61):
        site.put(issue(f"ONL-{number}", "Search", flavour, status="Done"))
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        before = connector.requests
        pages = await everything(connector)
        assert connector.requests - before <= (2 if flavour == "cloud" else 1) + 4
    items = {item.identity: item.key for page in pages for item in page.items}
    keys_told = {items[one.item] for page in pages for one in page.changes}
    assert {"ONL-60", "ONL-59"} <= keys_told, "the latest changed come first"
    assert "ONL-1" not in keys_told


async def test_a_changelog_of_many_pages_is_read_to_its_end(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_of("cloud", 1)
    async with reading(site, remote_links="never") as connector:
        for number in range(25):
            made = site.put(issue("ONL-1", "Search", "cloud", priority=f"P{number}"))
        asked = connector._gateway.changelogs
        monkeypatch.setattr(connector._gateway, "changelogs", _in_pages_of_ten(connector, asked))
        page = await connector.read([made["id"]])
    assert len(page.changes) == 25
    assert len({one.id for one in page.changes}) == 25


def _in_pages_of_ten(connector: Any, asked: Any) -> Any:
    async def ten(ids: Any, fields: Any, token: str | None) -> Any:
        body = {"issueIdsOrKeys": list(ids), "maxResults": 10, **({"nextPageToken": token} if token else {})}
        return await connector._gateway._posted("changelog/bulkfetch", body)

    return ten


@pytest.mark.parametrize("status", [400, 401, 403, 404])
async def test_a_site_that_refuses_its_changelog_is_read_without_and_says_so(
    reading: Reading, status: int
) -> None:
    site = site_of("cloud", 3)
    site.put(issue("ONL-2", "Search", "cloud", status="Done"))
    site.faults.append(Fault("status", status, path="changelog", lasts=True))
    async with reading(site, remote_links="never") as connector:
        pages = await everything(connector)
        assert sorted(keys(pages)) == ["ONL-1", "ONL-2", "ONL-3"]
        assert told(pages) == []
        assert any("history" in one for one in (await connector.probe()).missing)


@both
async def test_an_issue_whose_changelog_fails_is_read_without_it(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 12)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        for number in range(1, 13):
            site.put(issue(f"ONL-{number}", "Search", flavour, status="In Progress"))
        site.broken_histories = {"ONL-4", "ONL-9"}
        pages = await everything(connector, checkpoint)
        items = {one.key: one for page in pages for one in page.items}
        assert len(items) == 12
        assert {key for key, one in items.items() if one.unread == ("history",)} == {"ONL-4", "ONL-9"}
        assert len(told(pages)) == 10
        read = await connector.read([items["ONL-4"].native_id, items["ONL-5"].native_id])
        assert {one.key: one.unread for one in read.items} == {"ONL-4": ("history",), "ONL-5": ()}
        site.broken_histories = set()
        later = await connector.read([items["ONL-4"].native_id])
    assert [one.unread for one in later.items] == [()]
    assert told([later]) == [("status", "To Do", "In Progress")]


NONSENSE = [b"null", b'"x"', b"7", b'[{"issueId":1}]']


@pytest.mark.parametrize("body", NONSENSE)
async def test_a_changelog_of_another_shape_costs_only_itself(reading: Reading, body: bytes) -> None:
    site = site_of("cloud", 2)
    answer = b'{"issueChangeLogs":[{"issueId":"10000","changeHistories":%b}]}' % body
    site.faults.append(Fault("answer", path="changelog", body=answer, lasts=True))
    async with reading(site, remote_links="never") as connector:
        page = await connector.read(["10000", "10001"])
        assert sorted(keys([page])) == ["ONL-1", "ONL-2"]
        assert sorted(keys(await everything(connector))) == ["ONL-1", "ONL-2"]
    is_log = body in (b"null", NONSENSE[-1])
    assert {one.key: one.unread for one in page.items}["ONL-1"] == (() if is_log else ("history",))


@pytest.mark.parametrize("changelog", [b"null", b'"x"', b"[]", b'{"histories":7}', b"{}"])
async def test_a_changelog_that_came_along_in_another_shape_costs_only_itself(
    reading: Reading, changelog: bytes
) -> None:
    site = site_of("datacenter", 2)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.put(issue("ONL-1", "Search", "datacenter", status="Done"))
        site.put(issue("ONL-2", "Other", "datacenter", status="Done"))
        log = orjson.dumps(site.histories(10000))
        whole = b'"changelog":{"startAt":0,"maxResults":1,"total":1,"histories":%b}' % log
        site.faults.append(
            Fault("swap", path="/search", swap=(whole, b'"changelog":' + changelog), lasts=True)
        )
        pages = await everything(connector, checkpoint)
    unread = {one.key: one.unread for page in pages for one in page.items}
    assert unread == {"ONL-1": ("history",), "ONL-2": ()}


@both
async def test_a_recent_past_is_told_but_for_the_issue_that_fails(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 12)
    for number in range(1, 13):
        site.put(issue(f"ONL-{number}", "Search", flavour, status="In Progress"))
    site.broken_histories = {"ONL-4"}
    async with reading(site, remote_links="never") as connector:
        pages = await everything(connector)
    assert len(keys(pages)) == 12
    assert len(told(pages)) == 11


@both
async def test_a_recent_past_that_fails_for_all_costs_no_scan(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 12)
    site.put(issue("ONL-4", "Search", flavour, status="In Progress"))
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        body = b'{"issueChangeLogs":7,"issues":7}'
        path = "changelog" if flavour == "cloud" else "/search"
        if flavour == "datacenter":
            site.broken_histories = {f"ONL-{number}" for number in range(1, 13)}
        else:
            site.faults.append(Fault("answer", path=path, body=body, lasts=True))
        pages = await everything(connector)
    assert (len(keys(pages)), told(pages)) == (12, [])


async def test_a_changelog_that_never_ends_is_done_without(reading: Reading) -> None:
    site = site_of("cloud", 1)
    body = b'{"issueChangeLogs":[],"nextPageToken":"again"}'
    site.faults.append(Fault("answer", path="changelog", body=body, lasts=True))
    async with reading(site) as connector:
        made = site.put(issue("ONL-1", "Search", "cloud", status="Done"))
        page = await connector.read([made["id"]])
    assert [(one.key, one.unread) for one in page.items] == [("ONL-1", ("history",))]
    assert len([path for _, path, _ in site.requests if "changelog" in path]) == 2
