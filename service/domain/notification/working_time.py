"""When a span of working time is over. Pure.

Working days are Monday to Friday, each from midnight to midnight on the product's clock. Of a span,
every full 24 hours (``2d``, ``48h``) count as working days: they end at the same time of day, whatever
summer time does in between. What is left (``4h``, ``30m``) counts as hours that really pass, on working
days only: 4 hours from Friday 22:00 are over on Monday at 02:00. What begins in a weekend begins on
Monday at 00:00, and what would end with a Friday ends on Monday at 00:00: the end is always on a
working day. There are no holidays.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=3650)
"""A longer span counts as this one: as good as never, and inside the calendar."""

_DAY = timedelta(days=1)
_MIDNIGHT = time()


def working_time_after(start: datetime, span: timedelta, zone: ZoneInfo) -> datetime:
    """``start`` knows its zone; ``span`` is not negative. The answer is in UTC."""
    days, rest = divmod(min(span, LONGEST), _DAY)
    here = start.astimezone(zone)
    day, moment = here.date(), start.astimezone(UTC)
    if not _is_working(day):
        day = _following(day)
        here = datetime.combine(day, _MIDNIGHT, zone)
        moment = here.astimezone(UTC)
    if days:
        day = _moved(day, days)
        moment = _moment(day, here.time(), zone)
    return _passed(day, moment, rest, zone)


def _passed(day: date, moment: datetime, rest: timedelta, zone: ZoneInfo) -> datetime:
    """``rest`` is less than a day; days are of 23 to 25 hours."""
    while rest >= (left := _moment(day + _DAY, _MIDNIGHT, zone) - moment):
        rest -= left
        day = _following(day)
        moment = _moment(day, _MIDNIGHT, zone)
    return moment + rest


def _is_working(day: date) -> bool:
    return day.weekday() < 5


def _following(day: date) -> date:
    is_last_of_its_week = day.weekday() >= 4
    return day + timedelta(days=7 - day.weekday() if is_last_of_its_week else 1)


def _moved(day: date, days: int) -> date:
    """``day`` is a working day."""
    weeks, rest = divmod(days, 5)
    is_over_a_weekend = day.weekday() + rest > 4
    return day + timedelta(weeks=weeks, days=rest + 2 * is_over_a_weekend)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Of a time that comes twice that day the first; one that the clock skips is as long after midnight."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)
