from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from service.domain.notification.cadence import next_daily, next_weekly

ZONE = ZoneInfo("Europe/Amsterdam")
TEN = time(10)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]  # year to minute


def test_the_next_slot_is_this_weeks_until_it_has_come() -> None:
    assert next_weekly(utc(2026, 11, 23, 8, 59), ZONE, "monday", TEN) == utc(2026, 11, 23, 9)
    assert next_weekly(utc(2026, 11, 23, 9), ZONE, "monday", TEN) == utc(2026, 11, 30, 9)
    assert next_weekly(utc(2026, 11, 24, 9), ZONE, "monday", TEN) == utc(2026, 11, 30, 9)


def test_the_wall_clock_stays_when_summer_time_ends() -> None:
    assert next_weekly(utc(2026, 10, 20), ZONE, "sunday", TEN) == utc(2026, 10, 25, 9)
    assert next_weekly(utc(2026, 10, 18), ZONE, "sunday", TEN) == utc(2026, 10, 18, 8)


def test_every_other_week_leaves_one_out() -> None:
    first = next_weekly(utc(2026, 11, 24), ZONE, "monday", TEN, weeks=2)
    assert (next_weekly(first, ZONE, "monday", TEN, weeks=2) - first).days == 14


def test_a_daily_slot_is_tomorrow_once_it_has_come() -> None:
    assert next_daily(utc(2026, 11, 24, 8), ZONE, TEN) == utc(2026, 11, 24, 9)
    assert next_daily(utc(2026, 11, 24, 9), ZONE, TEN) == utc(2026, 11, 25, 9)
