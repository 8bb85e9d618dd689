"""An event that tells of a conflict. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from service.domain.notification.event import Event, Unread

_COLUMNS = ("id", "kind", "severity", "state")


def conflict_event(
    event_type: str, row: Mapping[str, Any], teams: Iterable[str], at: float, **more: Any
) -> Event:
    """All that is stored of the conflict, which stays text until somebody is told; ``more`` stands last."""
    return Event(
        type=event_type,
        at=at,
        teams=tuple(teams),
        kind=row["kind"],
        severity=row["severity"],
        data=Unread({name: row[name] for name in _COLUMNS}, row["body"], more),
    )
