"""Every issue once stored stays found: resuming, repeating, shifting, crowded minutes, sweeps and moves."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import SourceError
from connectors.jira.reading import paging
from connectors.jira.reading.paging import ByPositions, by_token
from connectors.jira.reading.query import Window
from connectors.jira.simulator import Fault, Flavour, JiraSite, Sprint, issue, version
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, id_of, keys, searches, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)


@both
async def test_resuming_from_every_checkpoint_equals_one_full_read(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 57, page_cap=10)
    for number in (3, 30, 57):
        site.put(issue(f"ONL-{number}", "Changed", flavour, status="Done"))
    async with reading(site, remote_links="never") as connector:
        whole = await everything(connector)
        for cut in range(1, len(whole)):
            rest = await everything(connector, whole[cut - 1].checkpoint)
            assert set(keys([*whole[:cut], *rest])) == set(keys(whole))
            assert changes([*whole[:cut], *rest]) == changes(whole)
            assert rest[-1].checkpoint.keys() == whole[-1].checkpoint.keys()


def changes(pages: list[Any]) -> set[tuple[str, str]]:
    return {(one.item, one.id) for page in pages for one in page.changes}


@both
async def test_resuming_a_delta_from_every_checkpoint_loses_nothing(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 45, page_cap=10)
    since = {"updated": datetime(2026, 3, 1, 9, tzinfo=UTC).timestamp(), "seen": {}}
    async with reading(site, remote_links="never") as connector:
        whole = await everything(connector, since)
        for cut in range(1, len(whole)):
            rest = await everything(connector, whole[cut - 1].checkpoint)
            assert set(keys([*whole[:cut], *rest])) == set(keys(whole))


@both
async def test_two_full_reads_agree(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 30, page_cap=7)
    async with reading(site, remote_links="never") as connector:
        first, second = await everything(connector), await everything(connector)
    assert [item for page in first for item in page.items] == [item for page in second for item in page.items]


async def test_a_repeated_token_ends_with_an_error() -> None:
    async def again(token: str | None) -> Mapping[str, Any]:
        return {"issues": [{"id": "1"}], "nextPageToken": "same"}

    with pytest.raises(SourceError, match="token"):
        [one async for one in by_token(again)]


async def test_a_page_repeated_under_new_tokens_ends_with_an_error() -> None:
    asked = 0

    async def again(token: str | None) -> Mapping[str, Any]:
        nonlocal asked
        asked += 1
        return {"issues": [{"id": "1"}], "nextPageToken": f"token-{asked}"}

    with pytest.raises(SourceError, match="repeats a page"):
        [one async for one in by_token(again)]
    assert asked < 20


async def test_a_position_that_is_ignored_ends_with_an_error() -> None:
    async def again(window: Window, at: int) -> Mapping[str, Any]:
        return {"issues": [{"id": "1", "key": "A-1"}, {"id": "2", "key": "A-2"}], "total": 9, "maxResults": 2}

    with pytest.raises(SourceError, match="keeps changing"):
        [one async for one in ByPositions(again, lambda one: 60.0).pages(None)]


@both
async def test_the_same_page_twice_is_the_same_items(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 25, page_cap=10)
    async with reading(site, remote_links="never") as connector:
        await everything(connector)
        site.faults.append(Fault("cut", path="/search"))
        assert len(set(keys(await everything(connector)))) == 25


@both
async def test_a_silent_lower_cap_loses_nothing(reading: Reading, flavour: Flavour) -> None:
    for cap in (1, 2, 3, 50):
        site = site_of(flavour, 12, page_cap=cap, ids_cap=cap)
        async with reading(site, remote_links="never") as connector:
            assert set(keys(await everything(connector))) == {f"ONL-{one}" for one in range(1, 13)}
            assert len(await identities(connector)) == 12


@pytest.mark.parametrize("minutes", [0, 1, 3])
async def test_results_beyond_the_limit_are_reached_by_moment_and_then_by_key(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    """Also where more issues were created in one minute than a search can reach: an import."""
    monkeypatch.setattr(paging, "WINDOW", 30)
    start = datetime(2026, 3, 1, 9, tzinfo=UTC)
    issues = [
        issue(f"ONL-{one}", "Imported", "datacenter", created=start + timedelta(minutes=one * minutes / 40))
        for one in range(1, 201)
    ]
    later = issue("ONL-300", "Later", "datacenter", created=start + timedelta(hours=1))
    site = JiraSite(
        "datacenter", {"ONL": "Online"}, [*issues, later], page_cap=10, result_limit=30,
        account_timezone="America/New_York",
    )  # fmt: skip
    async with reading(site, remote_links="never") as connector:
        pages = await everything(connector)
        assert set(keys(pages)) == {f"ONL-{one}" for one in [*range(1, 201), 300]}
        assert len(await identities(connector)) == 201
        for page in pages[::7]:
            rest = set(keys(await everything(connector, page.checkpoint)))
            assert rest | set(keys(pages[: pages.index(page) + 1])) == set(keys(pages))
    assert len(searches(site)) < 400


@settings(max_examples=60, deadline=None)
@given(
    moments=st.lists(st.integers(60, 300), min_size=0, max_size=60),
    cap=st.integers(1, 7),
    window=st.integers(10, 25),
    removed=st.sets(st.integers(0, 59), max_size=5),
)
async def test_any_result_is_read_whole_however_it_shifts(
    moments: list[int], cap: int, window: int, removed: set[int]
) -> None:
    """Moments in seconds; some issues vanish while the others are read."""
    held = [{"id": str(at), "key": f"A-{at}", "at": float(one)} for at, one in enumerate(sorted(moments))]
    asked = 0

    async def fetch(part: Window, at: int) -> Mapping[str, Any]:
        nonlocal asked, held
        asked += 1
        if asked == 3:
            held = [one for one in held if int(str(one["id"])) not in removed]
        found = [one for one in held if _is_within(one, part)]
        assert at + cap <= max(window, cap)
        return {"issues": found[at : at + cap], "total": len(found), "maxResults": cap}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paging, "WINDOW", window)
        positions = ByPositions(fetch, lambda one: float(one["at"]))
        seen = {one["id"] async for page in positions.pages(None) for one in page.issues}
    assert {one["id"] for one in held} <= seen


def _is_within(one: Mapping[str, Any], part: Window) -> bool:
    if part.minute is None:
        return part.since is None or one["at"] >= part.since // 60 * 60
    above = -1 if part.above is None else int(part.above.partition("-")[2])
    return bool(part.minute <= one["at"] < part.minute + 60 and int(str(one["id"])) > above)


async def identities(connector: Any) -> list[str]:
    found = [one async for part in connector.identities() for one in part]
    assert len(found) == len(set(found)) or (await connector._get_profile()).dialect.is_cloud is False
    return sorted(set(found))


@both
async def test_a_sweep_names_what_a_full_scan_would_read(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 30, page_cap=7)
    site.put(issue("ONL-4", "Takeover", flavour, security="Board only"))
    site.put(issue("ONL-5", "Part", flavour, type="Sub-task"))
    site.delete("ONL-6")
    async with reading(site, remote_links="never", filter="issuetype != Sub-task") as connector:
        read = {item.identity for page in await everything(connector) for item in page.items}
        assert set(await identities(connector)) == read
    assert len(read) == 27
    async with reading(site, remote_links="never", include_restricted=True) as connector:
        assert len(await identities(connector)) == 29


@pytest.mark.parametrize(("flavour", "most"), [("cloud", 3), ("datacenter", 13)])
async def test_a_sweep_costs_few_requests(reading: Reading, flavour: Flavour, most: int) -> None:
    site = site_of(flavour, 12_000, page_cap=100 if flavour == "cloud" else 1000)
    async with reading(site) as connector:
        await connector.probe()
        before = connector.requests
        assert len(await identities(connector)) == 12_000
        assert connector.requests - before <= most


@both
async def test_an_issue_that_left_is_gone_here_and_found_there_with_its_identity(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 3)
    async with reading(site, remote_links="never") as connector:
        before = {one.key: one for page in await everything(connector) for one in page.items}["ONL-2"]
        moved = site.put(issue("STO-2", "Issue 2", flavour, id=before.native_id))
        assert (await connector.read([moved["id"]])).items == []
        assert before.identity not in await identities(connector)
        stores = connector._options.model_copy(update={"project": "STO"})
    async with reading(site, remote_links="never", project=stores.project) as there:
        (found,) = (await there.read([moved["id"]])).items
    assert (found.native_id, found.key) == (before.native_id, "STO-2")


@both
async def test_a_project_whose_key_was_renamed_is_still_ours(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2)
    number = id_of(site, "ONL-2")
    fields = site.find("ONL-2")["fields"]  # type: ignore[index]  # it is there
    site.put(issue("WEB-2", "Issue 2", flavour, id=number, more={"project": fields["project"]}))
    async with reading(site) as connector:
        (found,) = (await connector.read([number])).items if flavour == "cloud" else [None]
    assert found is None or (found.native_id, found.key) == (number, "WEB-2")


@both
async def test_what_the_index_does_not_know_yet_is_read_by_id(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2, index_lag=600)
    made = site.put(issue("ONL-3", "Just made", flavour))
    async with reading(site) as connector:
        assert [one.key for one in (await connector.read([made["id"], "99999"])).items] == ["ONL-3"]


async def test_a_filter_is_asked_of_a_fresh_index(reading: Reading) -> None:
    site = site_of("cloud", 2, index_lag=600)
    made = [site.put(issue(f"ONL-{one}", "Just made", "cloud", priority="High")) for one in range(3, 80)]
    async with reading(site, filter="priority = High") as connector:
        assert len((await connector.read([one["id"] for one in made])).items) == 77


@both
async def test_a_deleted_and_a_restricted_issue_are_not_in_what_is_read(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 3)
    ids = [id_of(site, f"ONL-{one}") for one in (1, 2, 3)]
    site.delete("ONL-1")
    site.put(issue("ONL-2", "Takeover", flavour, security="Board only"))
    async with reading(site) as connector:
        page = await connector.read(ids)
    assert [one.key for one in page.items] == ["ONL-3"]
    assert page.restricted == [f"jira://{_host(site)}/id/{ids[1]}"]


def _host(site: JiraSite) -> str:
    return site.url.partition("://")[2]


@both
async def test_new_dates_of_a_sprint_or_release_are_read_by_group(reading: Reading, flavour: Flavour) -> None:
    sprint = Sprint(7, "Sprint 7", "active", "2026-03-02T08:00:00.000Z", "2026-03-13T16:00:00.000Z")
    site = JiraSite(
        flavour,
        {"ONL": "Online"},
        [
            issue("ONL-1", "In the sprint", flavour, sprint=sprint),
            issue("ONL-2", "Done in the sprint", flavour, sprint=sprint, status="Done"),
            issue("ONL-3", "In the release", flavour, versions=[version("2.0", "2026-06-01")]),
            issue("ONL-4", "In neither", flavour),
        ],
    )
    release = site.find("ONL-3")["fields"]["fixVersions"][0]["id"]  # type: ignore[index]  # it is there
    async with reading(site) as connector:
        assert [one.key for one in (await connector.read(["sprint:7"])).items] == ["ONL-1"]
        assert [one.key for one in (await connector.read([f"version:{release}"])).items] == ["ONL-3"]
        assert (await connector.read(["sprint:8", "sprint:x", "version:"])).items == []
        site.faults.append(Fault("status", 400, path="/search"))
        assert (await connector.read(["sprint:9"])).items == []


@both
async def test_a_long_filter_is_posted(reading: Reading, flavour: Flavour) -> None:
    long = f"key in ({', '.join(f'ONL-{one}' for one in range(2, 900))})"
    site = site_of(flavour, 5)
    async with reading(site, remote_links="never", filter=long) as connector:
        assert keys(await everything(connector)) == ["ONL-2", "ONL-3", "ONL-4", "ONL-5"]
    assert [path for path, _ in site.sent if path.endswith(("/search", "/search/jql"))]
