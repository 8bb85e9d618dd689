"""The shapes in which Jira writes moments, days, texts, sprints and releases."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from connectors.jira.parse import adf

_SPRINT_PART = re.compile(
    r"(?:^|[\[,])(id|rapidViewId|state|name|startDate|endDate|completeDate|activatedDate|sequence|goal"
    r"|synced|autoStartStop|incompleteIssuesDestinationId)="
)

_MILLISECONDS = 100_000_000_000  # an epoch number above this is not in seconds


class Sprint(NamedTuple):
    name: str
    state: str  # active, future, closed
    start: str | None
    end: str | None


class Release(NamedTuple):
    name: str
    day: date


def moment(value: str) -> datetime:
    """Jira's ``2026-03-01T10:00:00.000+0000``, aware, in UTC. Raises ValueError, OverflowError."""
    parsed = datetime.fromisoformat(value)
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def as_moment(value: Any) -> datetime:
    """Text as everywhere in Jira; the official example of the bulk changelog shows a number."""
    if isinstance(value, str):
        return moment(value)
    return datetime.fromtimestamp(value / 1000 if value > _MILLISECONDS else value, UTC)


@lru_cache(maxsize=65536)
def day(value: str | None, zone: ZoneInfo) -> date | None:
    """A date as it is, a moment as its day in ``zone``; None for what is neither."""
    if not value:
        return None
    try:
        if len(value) == 10:
            return date.fromisoformat(value)
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(zone).date() if parsed.tzinfo else parsed.date()
    except (ValueError, OverflowError):
        return None


def is_day(value: str) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def plain(value: Any) -> str:
    """Text of a field, whether it came as wiki markup or as a document."""
    if isinstance(value, str):
        return value
    return adf.to_text(value) if isinstance(value, Mapping) else ""


def sprints(value: Any) -> list[Sprint]:
    """Cloud lists objects, Data Center the Java objects' own text."""
    if not isinstance(value, list):
        return []
    return [_written(one) if isinstance(one, str) else _object(one) for one in value if one]


def _object(one: Mapping[str, Any]) -> Sprint:
    return Sprint(
        str(one.get("name") or ""),
        str(one.get("state") or "").lower(),
        one.get("startDate"),
        one.get("endDate"),
    )


@lru_cache(maxsize=4096)
def _written(value: str) -> Sprint:
    """``…Sprint@1bf75fd[id=1,state=ACTIVE,name=A, B,startDate=<null>,…]``: names may hold commas."""
    parts = _SPRINT_PART.split(value[value.find("[") :].removesuffix("]"))
    said = {name: parsed for name, parsed in zip(parts[1::2], parts[2::2], strict=True) if parsed != "<null>"}
    return Sprint(
        said.get("name", ""), said.get("state", "").lower(), said.get("startDate"), said.get("endDate")
    )


def deciding_sprint(listed: Sequence[Sprint], zone: ZoneInfo) -> Sprint | None:
    """Of the active and future ones the one that ends last; a closed one says nothing."""
    if not listed:
        return None
    open_ones = [one for one in listed if one.state in ("active", "future")]
    dated = [one for one in open_ones if day(one.end, zone)]
    if dated:
        return max(dated, key=lambda one: moment(one.end or ""))
    return open_ones[0] if open_ones else None


def deciding_release(versions: Iterable[Mapping[str, Any]] | None, zone: ZoneInfo) -> Release | None:
    """The earliest of the releases still to come."""
    if not versions:
        return None
    dated = [
        Release(str(one.get("name") or ""), on)
        for one in versions
        if not one.get("released") and not one.get("archived") and (on := day(one.get("releaseDate"), zone))
    ]
    return min(dated, key=lambda one: one.day) if dated else None
