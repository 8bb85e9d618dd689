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

from service.domain.conflict.finding import SEVERITIES, Finding, Severity

OPEN_CONFLICTS = ("open", "acknowledged")
"""The states of a conflict that somebody has still to settle."""

Step = Literal["opened", "changed", "resolved", "reopened", "kept"]

_FOLLOWS_FROM_OTHERS = {"days_late", "today", "open_items", "urgent_items"}
"""Facts that change with every day, or with any item of a team: not worth an event of their own."""


class Known(NamedTuple):
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


def fingerprint(severity: Severity, facts: Mapping[str, Any]) -> bytes:
    """Of everything whose change is worth an event."""
    told = {name: value for name, value in facts.items() if name not in _FOLLOWS_FROM_OTHERS}
    text = orjson.dumps([severity, told], option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.blake2b(text, digest_size=16).digest()


def turn(known: Known | None, finding: Finding | None, today: date, is_held: bool) -> Turn | None:
    """``is_held``: a source it involves is failing or incomplete, so its absence proves nothing."""
    if known is None:
        return Turn("opened", "open") if finding else None
    if finding is None:
        return None if known.state == "resolved" or is_held else Turn("resolved", "resolved")
    if known.state == "resolved":
        return Turn("reopened", "open", "found again")
    if known.state == "accepted" and (ended := _acceptance_ended(known, finding, today)):
        return Turn("reopened", "open", ended)
    if known.hash != fingerprint(finding.severity, finding.facts):
        return Turn("changed", known.state)
    return Turn("kept", known.state)


def _acceptance_ended(known: Known, finding: Finding, today: date) -> str | None:
    if known.accepted_until and today > known.accepted_until:
        return f"accepted until {known.accepted_until}"
    rank = SEVERITIES.index
    if known.accepted_severity and rank(finding.severity) > rank(known.accepted_severity):
        return f"its severity rose from {known.accepted_severity} to {finding.severity}"
    return None
