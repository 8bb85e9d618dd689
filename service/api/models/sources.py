"""Sources and runs of reading them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from service.api.models.base import Answer


class RejectedRecord(Answer):
    key: str
    reason: str


class SourceCoverage(Answer):
    """How many of its open items say what the rules ask for."""

    open: int
    due: int
    start: int
    priority: int
    order: int = Field(description="Ranked in their team's own order")
    dod: int = Field(description="With lines of a Definition of Done")


class Source(Answer):
    key: str
    type: str
    state: Literal["never", "ok", "syncing", "stale", "failing"]
    teams: list[str]
    items: int
    complete: bool = Field(description="A full scan has finished once")
    last_delta: datetime | None
    last_sweep: datetime | None = Field(description="When only its ids were last read")
    last_full_scan: datetime | None
    watermark: datetime | None
    rejected: list[RejectedRecord]
    rejected_count: int
    unmapped: dict[str, list[str]] = Field(
        description="The tracker's words that mean nothing to attune yet, by field: map them in the file",
        examples=[{"priority": ["P-High"]}],
    )
    missing: list[str] = Field(description="What this host lacks and attune therefore cannot see")
    coverage: SourceCoverage
    hidden: int = Field(description="Blockers that the tracker counts and does not list")
    requests: int
    error: str | None
    error_reason: (
        Literal["unreachable", "authentication", "not-found", "limited", "mapping", "answer", "suspicious"]
        | None
    )
    failing_since: datetime | None


class SourceList(Answer):
    items: list[Source]
    next: str | None


class Sync(Answer):
    id: str
    source: str
    state: Literal["running", "done", "failed"]
    full: bool
    started: datetime
    finished: datetime | None
    read: int
    changed: int
    rejected: int
    total: int | None
    error: str | None
