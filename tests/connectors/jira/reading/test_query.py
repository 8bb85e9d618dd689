"""Moments as JQL wants them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connectors.jira.reading import query

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.mark.parametrize(
    ("moment", "zone", "written"),
    [
        (datetime(2026, 3, 1, 12, 0, 59, tzinfo=UTC), AMSTERDAM, "2026-03-01 13:00"),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), AMSTERDAM, "2026-07-01 14:00"),
        # 01:30 UTC is the second 02:30 of that night; Jira may mean either
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), AMSTERDAM, "2026-10-25 01:30"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), AMSTERDAM, "2026-10-25 01:30"),
        (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), None, "2026-02-28 12:00"),
        (datetime(1960, 1, 1, tzinfo=UTC), AMSTERDAM, "1970-01-01 01:00"),
    ],
)
def test_a_literal_is_never_later_than_its_moment(
    moment: datetime, zone: ZoneInfo | None, written: str
) -> None:
    assert query.minute(moment.timestamp(), zone) == written


def test_unknown_zones_are_known_as_such() -> None:
    assert query.account_zone("Not/AZone") is None
    assert query.account_zone(None) is None
    assert query.account_zone("Europe/Amsterdam") == AMSTERDAM
