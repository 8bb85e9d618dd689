from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.notification.working_time import LONGEST, working_time_after

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
QUARTER = timedelta(minutes=15)

WEEKS: list[tuple[str, timedelta, str, str]] = [
    ("2026-03-02 10:00", timedelta(days=2), "2026-03-04 10:00", "days keep the time of day"),
    ("2026-03-05 10:00", timedelta(days=2), "2026-03-09 10:00", "a weekend does not count"),
    ("2026-03-02 10:00", timedelta(days=5), "2026-03-09 10:00", "five days are a week"),
    ("2026-03-04 10:00", timedelta(days=13), "2026-03-23 10:00", "over several weekends"),
    ("2026-03-02 10:00", timedelta(hours=48), "2026-03-04 10:00", "24 hours are a day"),
    ("2026-03-06 22:00", timedelta(hours=4), "2026-03-09 02:00", "hours stop with Friday"),
    ("2026-03-06 23:00", timedelta(hours=1), "2026-03-09 00:00", "what ends with Friday ends on Monday"),
    ("2026-03-06 10:00", timedelta(days=1, hours=20), "2026-03-10 06:00", "days first, then hours"),
    ("2026-03-07 15:00", timedelta(days=2), "2026-03-11 00:00", "what begins on Saturday begins on Monday"),
    ("2026-03-08 23:59", timedelta(minutes=30), "2026-03-09 00:30", "and so on Sunday"),
    ("2026-03-07 15:00", timedelta(0), "2026-03-09 00:00", "no time at all still ends on a working day"),
    ("2026-03-27 10:00", timedelta(days=1), "2026-03-30 10:00", "when summer time begins in between"),
    ("2026-10-23 10:00", timedelta(days=1), "2026-10-26 10:00", "when summer time ends in between"),
    ("2026-03-27 20:00", timedelta(hours=6), "2026-03-30 02:00", "the short Sunday is no working day"),
]


@pytest.mark.parametrize(("start", "span", "end", "told"), WEEKS, ids=[told for *_, told in WEEKS])
def test_working_days_are_those_of_the_products_clock(
    start: str, span: timedelta, end: str, told: str
) -> None:
    begin = datetime.fromisoformat(start).replace(tzinfo=AMSTERDAM)
    assert working_time_after(begin, span, AMSTERDAM) == datetime.fromisoformat(end).replace(tzinfo=AMSTERDAM)


def test_where_summer_time_begins_on_a_working_day_hours_really_pass() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # on Friday 24 April 2026, midnight is followed by 01:00
    start = datetime(2026, 4, 23, 22, tzinfo=cairo)
    assert working_time_after(start, timedelta(hours=3), cairo) == datetime(2026, 4, 24, 2, tzinfo=cairo)


def test_a_span_beyond_the_calendar_is_as_good_as_never() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    end = working_time_after(start, timedelta(weeks=999_999), ZoneInfo("UTC"))
    assert end == working_time_after(start, LONGEST, ZoneInfo("UTC"))
    assert end.year > 2035


ZONES = st.sampled_from(
    ["Europe/Amsterdam", "America/New_York", "Asia/Kolkata", "UTC", "Australia/Lord_Howe", "Africa/Cairo"]
).map(ZoneInfo)
QUARTERS = st.integers(0, 10 * 366 * 96)
STARTS = QUARTERS.map(lambda count: datetime(2024, 1, 1, tzinfo=UTC) + count * QUARTER)


def is_working(moment: datetime, zone: ZoneInfo) -> bool:
    return moment.astimezone(zone).strftime("%a") not in ("Sat", "Sun")


@given(STARTS, st.integers(0, 95), ZONES)
def test_of_hours_exactly_those_on_working_days_pass(start: datetime, quarters: int, zone: ZoneInfo) -> None:
    end = working_time_after(start, quarters * QUARTER, zone)
    passed, moment = 0, start
    while moment < end:
        passed += is_working(moment, zone)
        moment += QUARTER
    assert passed == quarters
    assert moment == end
    assert is_working(end, zone)


@given(STARTS, st.integers(1, 40), ZONES)
def test_of_days_exactly_the_working_ones_pass(start: datetime, days: int, zone: ZoneInfo) -> None:
    here = start.astimezone(zone)
    end = working_time_after(start, timedelta(days=days), zone).astimezone(zone)
    first = here.date() if is_working(start, zone) else monday_after(here.date())
    between = [first + timedelta(n) for n in range(1, (end.date() - first).days + 1)]
    assert sum(day.weekday() < 5 for day in between) == days
    assert is_working(end, zone)
    wanted = here.time().replace(fold=0) if is_working(start, zone) else time()
    skipped = end.utcoffset() != datetime.combine(end.date(), wanted, zone).utcoffset()
    assert end.time().replace(fold=0) == wanted or skipped


def monday_after(day: date) -> date:
    while day.weekday():
        day += timedelta(days=1)
    return day


@given(STARTS, st.integers(0, 500), st.integers(0, 500), ZONES)
def test_more_time_never_ends_earlier(start: datetime, one: int, other: int, zone: ZoneInfo) -> None:
    less, more = sorted((one, other))
    assert working_time_after(start, less * QUARTER, zone) <= working_time_after(start, more * QUARTER, zone)
    assert working_time_after(start, less * QUARTER, zone) >= start
