"""When the next slot of a rhythm is: the PO sync, and the digests sent for it. Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def next_weekly(now: datetime, zone: ZoneInfo, day: str, at: time, weeks: int = 1) -> datetime:
    """The first slot after ``now``. Every ``weeks`` weeks counts from the first week of 1970.

    The wall clock decides: the slot stays at ``at`` when summer time begins or ends.
    """
    here = now.astimezone(zone)
    slot_day = here.date() + timedelta(days=(WEEKDAYS.index(day) - here.weekday()) % 7)
    while _week(slot_day) % weeks or datetime.combine(slot_day, at, zone) <= now:
        slot_day += timedelta(days=7)
    return datetime.combine(slot_day, at, zone)


def next_daily(now: datetime, zone: ZoneInfo, at: time) -> datetime:
    slot = datetime.combine(now.astimezone(zone).date(), at, zone)
    return slot if slot > now else datetime.combine(slot.date() + timedelta(days=1), at, zone)


def _week(day: date) -> int:
    return (day.toordinal() - date(1970, 1, 5).toordinal()) // 7
