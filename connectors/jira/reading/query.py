"""JQL for one source, and moments as JQL wants them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.jira.jql_filter import parse_filter
from connectors.jira.options import Options

By = Literal["created", "updated"]
Group = Literal["sprint", "fixVersion"]
MINUTE = 60.0  # seconds; JQL knows no less
_A_DAY = timedelta(days=1)
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What a query's words depend on: the kind of Jira, the account's zone, the level's name in JQL."""

    is_cloud: bool
    zone: ZoneInfo | None
    level_clause: str | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a result: from epoch second ``since``, or one crowded ``minute``'s keys above one."""

    since: float | None = None
    minute: float | None = None
    above: str | None = None


def account_zone(name: str | None) -> ZoneInfo | None:
    """The searching user's zone; None when we do not know it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def changed(options: Options, by: By, window: Window, zone: ZoneInfo | None) -> str:
    """What was created or updated in a window, oldest first."""
    return _within(_selected(options), by, window, zone)


def _within(selected: str, by: By, window: Window, zone: ZoneInfo | None) -> str:
    """A crowded minute's by key."""
    if window.minute is not None:
        within = f'{by} >= "{minute(window.minute, zone)}" AND {by} < "{minute_after(window.minute, zone)}"'
        above = f' AND key > "{window.above}"' if window.above else ""
        return f"{selected} AND {within}{above} ORDER BY key ASC"
    lower = "" if window.since is None else f' AND {by} >= "{minute(window.since, zone)}"'
    return f"{selected}{lower} ORDER BY {by} ASC, key ASC"


def among(options: Options, ids: Sequence[str]) -> str:
    return f"{_selected(options)} AND id in ({', '.join(ids)}) ORDER BY key ASC"


def by_ids(ids: Sequence[str]) -> str:
    """Whatever the source selects."""
    return f"id in ({', '.join(ids)}) ORDER BY key ASC"


def by_keys(keys: Sequence[str]) -> str:
    return "key in ({}) ORDER BY key ASC".format(", ".join(f'"{key}"' for key in keys))


def selection(options: Options, dialect: Dialect) -> str:
    """Everything the source selects and everyone may see, to be counted."""
    return _shown(options, dialect)


def grouped(options: Options, group: Group, number: str) -> str:
    """The open issues of a sprint or a release."""
    is_open = "statusCategory != Done"
    return f"{_selected(options)} AND {group} = {number} AND {is_open} ORDER BY created ASC, key ASC"


def latest(options: Options) -> str:
    return f"{_selected(options)} ORDER BY updated DESC"


def recent(options: Options, dialect: Dialect, since: float) -> str:
    """What changed since then and everyone may see, the latest first."""
    lower = f'updated >= "{minute(since, dialect.zone)}"'
    return f"{_shown(options, dialect)} AND {lower} ORDER BY updated DESC, key DESC"


def visible(options: Options, dialect: Dialect, window: Window) -> str:
    """Everything of the source that everyone may see, by creation."""
    return _within(_shown(options, dialect), "created", window, dialect.zone)


def _shown(options: Options, dialect: Dialect) -> str:
    if options.include_restricted or not dialect.level_clause:
        return _selected(options)
    return f"{_selected(options)} AND {dialect.level_clause} is EMPTY"


def _selected(options: Options) -> str:
    within = f'project = "{options.project}"'
    jql = parse_filter(options.filter).jql
    return f"{within} AND ({jql})" if jql else within


def minute(moment: float, zone: ZoneInfo | None) -> str:
    """The literal for an epoch second, never later than it, in the searching user's zone.

    An hour that the clocks repeat is stepped over backwards, for Jira may mean the other one;
    an unknown zone costs a day of items read again.
    """
    at = datetime.fromtimestamp(max(moment, 0.0), UTC)
    if zone is None:
        return f"{at - _A_DAY:%Y-%m-%d %H:%M}"
    return _unambiguous(at, zone, -_AN_HOUR)


def minute_after(moment: float, zone: ZoneInfo | None) -> str:
    """The literal for the end of an epoch second's minute, never earlier than it."""
    at = datetime.fromtimestamp(max(moment, 0.0) // MINUTE * MINUTE + MINUTE, UTC)
    if zone is None:
        return f"{at + _A_DAY:%Y-%m-%d %H:%M}"
    return _unambiguous(at, zone, _AN_HOUR)


def _unambiguous(at: datetime, zone: ZoneInfo, step: timedelta) -> str:
    local = at.astimezone(zone)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        at += step
        local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}"
