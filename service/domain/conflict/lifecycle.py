"""The life of a conflict: what one analysis does to what the last one left. Pure.

open → acknowledged → resolved, or accepted; found again after resolved it is reopened
(rulebook, "Life of a conflict").
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple

import orjson

from service.domain.conflict.finding import SEVERITIES, Severity

OPEN_CONFLICTS = ("open", "acknowledged")
"""The states of a conflict that somebody has still to settle."""

Step = Literal["opened", "changed", "resolved", "reopened", "kept"]


class StoredLife(NamedTuple):
    """What is stored of a conflict, as far as its life goes."""

    id: str
    state: str
    hash: bytes
    accepted_until: date | None
    accepted_severity: Severity | None


@dataclass(frozen=True, slots=True)
class Turn:
    """What becomes of one conflict. ``kept``: nothing to tell, though its wording may be new."""

    step: Step
    state: str
    note: str | None = None


def fingerprint(severity: Severity, lasting_facts: Mapping[str, Any]) -> bytes:
    """Of everything whose change is worth an event: not of facts that change by themselves."""
    text = orjson.dumps([severity, lasting_facts], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2b(text, digest_size=16).digest()


class CurrentLife(NamedTuple):
    """What the rules find now of a conflict, as far as its life goes."""

    severity: Severity
    hash: bytes  # its fingerprint


def turn(stored: StoredLife | None, current: CurrentLife | None, today: date, is_held: bool) -> Turn | None:
    """``is_held``: a source it involves is failing or incomplete, so its absence proves nothing."""
    if stored is None:
        return Turn("opened", "open") if current else None
    if current is None:
        return None if stored.state == "resolved" or is_held else Turn("resolved", "resolved")
    if stored.state == "resolved":
        return Turn("reopened", "open", "found again")
    if stored.state == "accepted" and (ended := _acceptance_ended(stored, current, today)):
        return Turn("reopened", "open", ended)
    if stored.hash != current.hash:
        return Turn("changed", stored.state)
    return Turn("kept", stored.state)


def _acceptance_ended(stored: StoredLife, current: CurrentLife, today: date) -> str | None:
    if stored.accepted_until and today > stored.accepted_until:
        return f"accepted until {stored.accepted_until}"
    rank = SEVERITIES.index
    if stored.accepted_severity and rank(current.severity) > rank(stored.accepted_severity):
        return f"its severity rose from {stored.accepted_severity} to {current.severity}"
    return None
