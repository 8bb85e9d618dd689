"""JQL for one source, and moments as JQL wants them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.jira.options import Options

By = Literal["created", "updated"]
_A_DAY = timedelta(days=1)


def account_zone(name: str | None) -> ZoneInfo | None:
    """The searching user's zone; None when we do not know it."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def changed(options: Options, by: By, since: float | None, zone: ZoneInfo | None) -> str:
    """Everything, or what was created or updated at or after epoch second ``since``, oldest first."""
    lower = "" if since is None else f' AND {by} >= "{minute(since, zone)}"'
    return f"{_selected(options)}{lower} ORDER BY {by} ASC, key ASC"


def among(options: Options, ids: Sequence[str]) -> str:
    return f"{_selected(options)} AND id in ({', '.join(ids)}) ORDER BY key ASC"


def _selected(options: Options) -> str:
    within = f'project = "{options.project}"'
    return f"{within} AND ({options.filter})" if options.filter else within


def minute(moment: float, zone: ZoneInfo | None) -> str:
    """The literal for an epoch second, never later than it, in the searching user's zone.

    An hour that the clocks repeat is stepped over backwards, for Jira may mean the other one;
    an unknown zone costs a day of items read again.
    """
    at = datetime.fromtimestamp(max(moment, 0.0), UTC)
    if zone is None:
        return f"{at - _A_DAY:%Y-%m-%d %H:%M}"
    local = at.astimezone(zone)
    while local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        at -= timedelta(hours=1)
        local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M}"
