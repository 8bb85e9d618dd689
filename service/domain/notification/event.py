"""What happened, as it is told: an event, and which subscriptions it concerns. Pure."""

import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson

from service.domain.conflict.finding import SEVERITIES

TYPES: Mapping[str, str] = {
    "conflict.opened": "A conflict was found",
    "conflict.changed": "Its severity or its facts changed",
    "conflict.resolved": "It is no longer found",
    "conflict.reopened": "It is found again, or someone reopened it",
    "conflict.acknowledged": "An owner has taken it up",
    "conflict.accepted": "The owners agreed to live with it",
    "conflict.escalated": "Nobody took it up in time; it is the decider's now",
    "agreement.requested": "A team asked another to have a blocker by a day",
    "agreement.committed": "The blocker's team committed to a day",
    "agreement.proposed": "The blocker's team proposed another day",
    "agreement.declined": "The blocker's team declined",
    "agreement.accepted": "The proposed day was accepted: it is a commitment now",
    "agreement.withdrawn": "The request was taken back, and what was agreed with it",
    "dod.changed": "A team's Definition of Done changed",
    "plan.moved": "An epic, or an item that others depend on, changed date",
    "source.failing": "A source cannot be read",
    "source.recovered": "It can be read again",
    "webhook.disabled": "A receiver answered 410: nothing more is sent to it",
    "webhook.dead": "A delivery was given up after its last retry; it can be replayed",
    "digest": "Several events in one",
}
"""Every type with what it says."""


def new_event_id() -> str:
    return "evt_" + uuid.uuid4().hex


class Unread(Mapping[str, Any]):
    """The members of a JSON object that stays text (a first analysis tells of thousands), between others."""

    __slots__ = ("_first", "_last", "_text")

    def __init__(self, first: Mapping[str, Any], text: str, last: Mapping[str, Any]) -> None:
        self._first, self._text, self._last = first, text, last

    def read(self) -> dict[str, Any]:
        return {**self._first, **orjson.loads(self._text), **self._last}

    def __getitem__(self, name: str) -> Any:
        return self.read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.read())

    def __len__(self) -> int:
        return len(self.read())


@dataclass(frozen=True, slots=True)
class Event:
    """``kind`` and ``severity`` are the conflict's, for events that tell of one. ``at``: epoch seconds.

    ``data`` holds JSON types only; it is the same in the list of events and in what is sent out.
    """

    type: str
    at: float
    teams: tuple[str, ...] = ()
    kind: str | None = None
    severity: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=new_event_id)

    def read(self) -> "Event":
        """With data that can be written as JSON."""
        return replace(self, data=self.data.read()) if isinstance(self.data, Unread) else self

    @property
    def timestamp(self) -> str:
        """RFC 3339 in UTC."""
        return datetime.fromtimestamp(int(self.at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Interest:
    """What a subscription asks for; an empty filter asks for everything.

    ``events`` are globs (``conflict.*``). ``kinds`` and ``min_severity`` narrow events that tell of a
    conflict and let the others pass. With ``teams``, an event must concern one of them.
    """

    events: tuple[str, ...] = ("*",)
    teams: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    min_severity: str | None = None

    def covers(self, event: Event) -> bool:
        return (
            any(_glob(pattern).fullmatch(event.type) for pattern in self.events)
            and (not self.teams or not set(self.teams).isdisjoint(event.teams))
            and (not self.kinds or event.kind is None or event.kind in self.kinds)
            and self._is_severe_enough(event)
        )

    def _is_severe_enough(self, event: Event) -> bool:
        if self.min_severity is None or event.severity is None:
            return True
        return SEVERITIES.index(event.severity) >= SEVERITIES.index(self.min_severity)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """``*`` stands for any characters; nothing else is special."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")))


def covers_some_type(pattern: str) -> bool:
    """Whether a glob can ever match: one that cannot is a misspelling."""
    return any(_glob(pattern).fullmatch(one) for one in TYPES)
