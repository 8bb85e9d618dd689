"""Clocks, time zones and an index that lags: no change is lost, and what is known costs nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.jira.client import JiraConnector
from connectors.jira.http.clock import ServerClock
from connectors.jira.reading.checkpoint import OVERLAP, Delta, Scan, resume
from connectors.jira.simulator import Flavour, issue
from tests.connectors.jira.helpers import FLAVOURS, Clock, Reading, everything, keys, searches, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)


async def heard(connector: JiraConnector) -> None:
    """A clock that jumps is known from the next answer on; one that runs is known always."""
    await connector._gateway.server_info()


@both
async def test_a_delta_with_nothing_new_costs_at_most_two_requests(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 250)
    async with reading(site) as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        for _ in range(3):
            before = connector.requests
            (page,) = await everything(connector, checkpoint)
            checkpoint = page.checkpoint
            assert connector.requests - before == 1
        assert list(page.items) == []


@both
async def test_a_burst_of_changes_is_not_read_again_for_ever(reading: Reading, flavour: Flavour) -> None:
    clock = Clock(datetime.now(UTC) - timedelta(days=1))
    site = site_of(flavour, 0, clock=clock)
    for number in range(1, 301):
        site.put(issue(f"ONL-{number}", "Imported at one go", flavour))
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        clock.forward(hours=1)
        await heard(connector)
        checkpoint = (await everything(connector, checkpoint))[-1].checkpoint
        before = connector.requests
        pages = await everything(connector, checkpoint)
        assert (keys(pages), connector.requests - before) == ([], 1)


@both
@pytest.mark.parametrize("lag", [1, 60, 240, 540])
@pytest.mark.parametrize("every", [7, 60, 300, 900])
async def test_a_change_that_the_index_shows_late_is_found(
    reading: Reading, flavour: Flavour, lag: int, every: int
) -> None:
    clock = Clock(datetime.now(UTC) - timedelta(days=1))
    site = site_of(flavour, 5, clock=clock)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        site.index_lag = lag
        site.put(issue("ONL-2", "Shown late", flavour))
        site.index_lag = 0
        seen: list[str] = []
        for step in range(1, 2 + 1000 // every):
            clock.forward(seconds=every)
            await heard(connector)
            site.put(issue("ONL-3", f"Shown at once, {step}", flavour))
            pages = await everything(connector, checkpoint)
            checkpoint = pages[-1].checkpoint
            seen += keys(pages)
    assert "ONL-2" in seen


@both
async def test_an_issue_that_a_full_scan_could_not_see_yet_is_found_by_the_next_delta(
    reading: Reading, flavour: Flavour
) -> None:
    clock = Clock(datetime.now(UTC) - timedelta(days=1))
    site = site_of(flavour, 3, clock=clock)
    site.index_lag = 120
    site.put(issue("ONL-9", "New", flavour, created=clock()))
    async with reading(site, remote_links="never") as connector:
        scanned = await everything(connector)
        clock.forward(seconds=200)
        await heard(connector)
        later = await everything(connector, scanned[-1].checkpoint)
    assert "ONL-9" not in keys(scanned)
    assert "ONL-9" in keys(later)


@both
async def test_a_future_checkpoint_reads_nothing_and_comes_back_to_the_present(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 3)
    future = (datetime.now(UTC) + timedelta(days=400)).timestamp()
    async with reading(site, remote_links="never") as connector:
        (page,) = await everything(connector, {"updated": future, "seen": {}})
        assert keys([page]) == []
        site.put(issue("ONL-2", "Changed", flavour))
        assert keys(await everything(connector, page.checkpoint)) == ["ONL-2"]


@both
@pytest.mark.parametrize(
    "off", [timedelta(days=-400), timedelta(hours=-3), timedelta(hours=3), timedelta(days=400)]
)
async def test_a_trackers_clock_that_is_wrong_hides_no_change(
    reading: Reading, flavour: Flavour, off: timedelta
) -> None:
    site = site_of(flavour, 3, clock=lambda: datetime.now(UTC) + off)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        for key in ("ONL-1", "ONL-2", "ONL-1"):
            site.put(issue(key, "Changed", flavour))
            pages = await everything(connector, checkpoint)
            checkpoint = pages[-1].checkpoint
            assert key in keys(pages)


@both
async def test_a_clock_set_right_between_two_readings_hides_no_change(
    reading: Reading, flavour: Flavour
) -> None:
    site = site_of(flavour, 3)
    async with reading(site, remote_links="never") as connector:
        site.clock = lambda: datetime.now(UTC) + timedelta(days=2)
        checkpoint = (await everything(connector))[-1].checkpoint
        site.clock = lambda: datetime.now(UTC)
        site.put(issue("ONL-2", "Changed", flavour))
        assert keys(await everything(connector, checkpoint)) == ["ONL-2"]


@both
@pytest.mark.parametrize(
    "zone", ["Europe/Amsterdam", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
@pytest.mark.parametrize("change", [datetime(2025, 10, 26, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC)])
async def test_summer_and_winter_time_lose_nothing(
    reading: Reading, flavour: Flavour, zone: str, change: datetime
) -> None:
    clock = Clock(change - timedelta(hours=14))
    site = site_of(flavour, 2, clock=clock, account_timezone=zone)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        for _ in range(40):
            clock.forward(minutes=47)
            await heard(connector)
            site.put(issue("ONL-1", "Changed", flavour))
            pages = await everything(connector, checkpoint)
            checkpoint = pages[-1].checkpoint
            assert "ONL-1" in keys(pages)


@both
async def test_an_unknown_zone_loses_nothing(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2, account_timezone="Pacific/Kiritimati")
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        profile = await connector._get_profile()
        object.__setattr__(profile.dialect, "zone", None)
        site.put(issue("ONL-1", "Changed", flavour))
        assert keys(await everything(connector, checkpoint)) == ["ONL-1"]


@both
async def test_pages_need_no_probe_and_discover_once(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 2)
    async with reading(site, remote_links="never") as connector:
        checkpoint = (await everything(connector))[-1].checkpoint
        await everything(connector, checkpoint)
        await connector.read(["10000"])
    assert len([path for _, path, _ in site.requests if path.endswith("/field")]) == 1
    assert len(searches(site)) >= 2


class TestCheckpoints:
    def test_an_unfinished_scan_and_a_delta_survive_being_stored(self) -> None:
        for one in (Scan(100.0), Scan(100.0, 50.0), Delta(1e9, {"1": "2026-03-01T10:00:00.000+0000"})):
            assert resume(one.checkpoint()) == one

    def test_a_creation_from_the_future_does_not_move_a_scan_past_the_rest(self) -> None:
        odd = {"fields": {"created": "9999-12-30T00:00:00.000+0000"}}
        assert Scan(2e9, 1e9).after([odd]).created == 1e9

    @given(st.lists(st.integers(0, 10_000), max_size=30), st.integers(0, 20_000))
    def test_a_watermark_never_passes_the_beginning_of_its_reading(
        self, offsets: list[int], began: int
    ) -> None:
        start = 1_700_000_000
        issues: list[dict[str, Any]] = [
            {"id": str(at), "fields": {"updated": datetime.fromtimestamp(start + at, UTC).isoformat()}}
            for at in offsets
        ]
        found = Delta(float(start)).after(issues, float(start + began))
        assert start <= found.updated <= start + began
        assert found.since == found.updated - OVERLAP
        assert found.fresh([one for one in issues if start + int(one["id"]) >= found.since]) == []


class TestServerClock:
    def test_what_is_no_date_says_nothing(self) -> None:
        clock = ServerClock()
        for said in (None, "", "yesterday", "é" * 50):
            clock.hear(said)
        assert abs(clock.now() - datetime.now(UTC).timestamp()) < 2

    def test_it_is_never_ahead_of_ours(self) -> None:
        clock = ServerClock()
        clock.hear("Fri, 01 Mar 2099 10:00:00 GMT")
        assert clock.now() <= datetime.now(UTC).timestamp() + 1

    def test_of_two_dates_the_last_is_the_trackers(self) -> None:
        clock = ServerClock()
        clock.hear("Sun, 01 Mar 2026 10:00:00 GMT, Sat, 01 Mar 2025 10:00:00 GMT")
        assert abs(clock.now() - datetime(2025, 3, 1, 10, tzinfo=UTC).timestamp()) < 2
