"""Sources and runs of reading them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from service.api.models.base import AnswerModel


class RejectedRecord(AnswerModel):
    key: str
    reason: str


class SourceCoverage(AnswerModel):
    """How many of its open items say what the rules ask for."""

    open: int
    due: int
    start: int
    priority: int
    order: int = Field(description="Ranked in their team's own order")
    dod: int = Field(description="With lines of a Definition of Done")


class UnconfiguredProject(AnswerModel):
    """What open items of this source wait for, and no source reads."""

    site: str | None = Field(description="Null where nothing says on which", examples=["acme.atlassian.net"])
    project: str = Field(description="A Jira project's key or a GitHub repository", examples=["OPS"])
    references: int = Field(description="How often it is named", examples=[3])
    items: list[str] = Field(description="Keys of some that name it", examples=[["ONL-12"]])
    suggestion: str = Field(
        description="The line to add to `sources` in the product file",
        examples=[
            '- {key: ops, type: jira, url: "https://acme.atlassian.net", project: OPS, team: …, '
            'auth: {email: "${OPS_EMAIL}", token: "${OPS_TOKEN}"}}'
        ],
    )


class SourceQuota(AnswerModel):
    """What the tracker says is left of the credential's limit, whichever sources use it."""

    remaining: int = Field(examples=[4812])
    limit: int = Field(examples=[5000])
    resets_at: datetime


class Source(AnswerModel):
    key: str
    type: str
    state: Literal["never", "ok", "syncing", "stale", "failing"]
    teams: list[str]
    items: int
    stale_items: int = Field(description="Open items that nobody has touched for 180 days")
    complete: bool = Field(description="A full scan has finished once")
    last_delta: datetime | None
    last_sweep: datetime | None = Field(description="When only its ids were last read")
    last_full_scan: datetime | None
    watermark: datetime | None
    rejected: list[RejectedRecord]
    rejected_count: int = Field(description="Records that could not be read; `rejected` lists at most 1,000")
    unmapped: dict[str, list[str]] = Field(
        description="The tracker's words that mean nothing to attune yet, by field: map them in the file",
        examples=[{"priority": ["P-High"]}],
    )
    missing: list[str] = Field(description="What this host lacks and attune therefore cannot see")
    coverage: SourceCoverage
    hidden: int = Field(description="Blockers that the tracker counts and does not list")
    unread: dict[str, int] = Field(
        description="Parts of items that are still to be read, in the background: of how many items each",
        examples=[{"remote-links": 120}],
    )
    unasked_names: int = Field(
        description="Names in links and texts that the tracker is still to be asked about"
    )
    unconfigured: list[UnconfiguredProject]
    warnings: list[str] = Field(
        description="What to know before trusting what it shows, in sentences of the product's language",
        examples=[["3 open items were not touched for 180 days."]],
    )
    notes: list[str] = Field(description="What its connector found out about it", examples=[["Jira Cloud"]])
    requests: int = Field(description="Made so far")
    quota: SourceQuota | None = Field(
        description="Null before the first answer, and where the tracker has none"
    )
    error: str | None
    error_reason: (
        Literal["unreachable", "authentication", "not-found", "limited", "mapping", "answer", "suspicious"]
        | None
    )
    failing_since: datetime | None


class SourceList(AnswerModel):
    items: list[Source]
    next: str | None


class Sync(AnswerModel):
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
