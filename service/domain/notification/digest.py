"""Many events told as one, so that a first sync is a message and not a flood. Pure."""

from collections import Counter
from collections.abc import Sequence

from service.domain.conflict.finding import SEVERITIES
from service.domain.notification.event import Event

MOST_OPENED = 20  # conflicts opened at once that are still told one by one
LISTED = 20

_OPENING = ("conflict.opened", "conflict.reopened")


def condensed(events: Sequence[Event], subscription: str, now: float) -> list[Event]:
    """The events to send to one subscription: when they open too many conflicts, a digest of those."""
    opening = [event for event in events if event.type in _OPENING]
    if len(opening) <= MOST_OPENED:
        return list(events)
    others = [event for event in events if event.type not in _OPENING]
    return [digest(opening, subscription, now), *others]


def digest(events: Sequence[Event], subscription: str, now: float) -> Event:
    """One event about several: how many of what, and the most severe of them by title."""
    told = sorted(events, key=_least_severe_last)
    return Event(
        type="digest",
        at=now,
        teams=tuple(sorted({team for event in events for team in event.teams})),
        severity=told[0].severity if told else None,
        data={
            "webhook": subscription,
            "count": len(events),
            "by_type": _counted([event.type for event in events]),
            "by_severity": _counted([event.severity for event in events]),
            "by_kind": _counted([event.kind for event in events]),
            "first": [_line(event) for event in told[:LISTED]],
            "link": "/v1/conflicts",
        },
    )


def _least_severe_last(event: Event) -> int:
    if event.severity is None:
        return len(SEVERITIES)
    return len(SEVERITIES) - 1 - SEVERITIES.index(event.severity)


def _counted(words: Sequence[str | None]) -> dict[str, int]:
    return dict(sorted(Counter(word for word in words if word is not None).items()))


def _line(event: Event) -> dict[str, str | None]:
    return {
        "event": event.id,
        "type": event.type,
        "id": event.data.get("id"),
        "title": event.data.get("title"),
        "severity": event.severity,
    }
