"""What a what-if answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from service.domain.what_if.epic_forecast import EpicForecast


class SupposedConflict(NamedTuple):
    """A conflict that a rule finds with the changes, or without them.

    ``body`` is what is told of one besides its life.
    """

    id: str
    kind: str
    severity: str
    body: Mapping[str, Any]


class StoredConflict(NamedTuple):
    """``body`` is that of ``SupposedConflict``, as the JSON that is stored."""

    id: str
    kind: str
    severity: str
    body: str


class ChangedConflict(NamedTuple):
    """A conflict as it would be."""

    conflict: SupposedConflict
    severity_before: str


class MovedItem(NamedTuple):
    """Positions in the overarching order, from 1; None where it is closed."""

    item: str
    key: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Conflicts in the rulebook's order."""

    opened: Sequence[SupposedConflict]
    resolved: Sequence[SupposedConflict | StoredConflict]
    changed: Sequence[ChangedConflict]
    moved: Sequence[MovedItem]
    forecast: Sequence[EpicForecast]
