"""Open items that nobody has touched for a long time (rulebook, "The overarching order"). Pure."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.domain.plan.item import OPEN, Item
from service.domain.plan.product import Plan

UNTOUCHED_DAYS = 180


def stale_before(today: date, timezone: ZoneInfo) -> float:
    """Epoch seconds: when the first day began, in the product's time zone, on which a touch still counts."""
    first_day = today - timedelta(days=UNTOUCHED_DAYS - 1)
    return datetime.combine(first_day, time(), timezone).timestamp()


def is_stale(item: Item, plan: Plan) -> bool:
    return item.state in OPEN and 0 < item.updated < plan.stale_before
