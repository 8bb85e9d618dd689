"""Conflicts with their history, and what would mend them."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from service.api.models.base import AnswerModel, ConflictState, Decider, Owner, Priority, Severity, State


class ConflictItem(AnswerModel):
    id: str = Field(examples=["online-jira:10023"])
    key: str = Field(examples=["ONL-12"])
    team: str
    title: str
    role: str = Field(description="Its part in the conflict", examples=["blocker", "dependent"])


class Ends(AnswerModel):
    blocker: str
    dependent: str


class Planned(BaseModel):
    """Only what is to be another; null takes a date away."""

    start: date | None = None
    due: date | None = None
    priority: Priority = None
    state: State | None = None


class ItemChanged(AnswerModel):
    item: str
    set: Planned


class DependencyAdded(AnswerModel):
    add_dependency: Ends


class DependencyRemoved(AnswerModel):
    remove_dependency: Ends


class Fix(BaseModel):
    """Empty where only people can say what to change."""

    changes: list[ItemChanged | DependencyAdded | DependencyRemoved] = Field([], min_length=1)


class Conflict(AnswerModel):
    id: str = Field(examples=["cfl_6d20e5f10f3c5d2e9a7b41c8"])
    kind: str = Field(examples=["dependency-date"])
    rule_version: int | str
    severity: Severity
    state: ConflictState
    title: str
    explanation: str
    suggestions: list[str]
    fixes: list[Fix] = Field(description="What each suggestion changes, in the same order")
    items: list[ConflictItem]
    teams: list[str]
    owners: list[Owner] = Field(description="Whom to ask; a team without an owner has no line")
    decider: Decider | None = Field(description="Who decides when the owners do not agree")
    dependencies: list[str] = Field(description="Ids of the dependencies it is about")
    facts: dict[str, Any] = Field(
        description="Every value compared and where it came from, by the rule's own names",
        examples=[{"blocker_due": "2026-03-25", "need_by": "2026-03-16", "days_late": 9}],
    )
    first_seen: datetime
    last_seen: datetime
    resolved_at: datetime | None
    escalates_at: datetime | None
    escalated_at: datetime | None
    accepted_until: date | None


class Step(AnswerModel):
    at: datetime
    what: Literal[
        "opened", "changed", "resolved", "reopened", "acknowledged", "accepted", "commented", "escalated"
    ]
    by: str = Field(description="The name of the token; `attune` for what an analysis found")
    note: str | None


class ConflictDetail(Conflict):
    history: list[Step]


class ConflictList(AnswerModel):
    items: list[Conflict]
    next: str | None
