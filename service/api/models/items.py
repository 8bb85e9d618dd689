"""Items, and what changed on them."""

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.api.models.base import AnswerModel, DateOrigin, Kind, Priority, Restricted, State


class DodLine(BaseModel):
    text: str
    checked: bool
    optional: bool = Field(
        False,
        description="Marked so in its checklist, so no part of the Definition of Done; else absent",
    )


class Item(AnswerModel):
    id: str = Field(examples=["online-jira:10023"])
    key: str = Field(examples=["ONL-12"])
    url: str
    team: str
    source: str
    kind: Kind
    type: str = Field(description="The tracker's own word for the kind")
    title: str
    state: State
    status: str = Field(description="The tracker's own word for the state")
    priority: Priority = Field(description="1 (highest) to 5 (lowest)")
    priority_name: str | None
    effective_priority: Priority = Field(description="The most urgent of it and what waits for it")
    position: int | None = Field(description="From 1 among all open items; null for closed ones")
    team_position: int | None
    pinned: bool
    parent: str | None
    goal: str | None
    assignee: str | None
    labels: list[str]
    components: list[str]
    estimate: float | None
    start: date | None
    start_from: DateOrigin | None
    due: date | None
    due_from: DateOrigin | None
    sprint: str | None
    release: str | None
    blocked_by: list[str | Restricted] = Field(description="Ids of what it waits for, in any state")
    blocks: list[str | Restricted] = Field(description="Ids of what waits for it, in any state")
    dod: list[DodLine]
    conflicts: int = Field(description="Open conflicts that involve it")
    stale: bool = Field(description="Open, and nobody has touched it for 180 days")
    updated: datetime
    synced: datetime


class Reason(BaseModel):
    """``text`` says it to a person; the figures in it stand beside it, by the kind of reason."""

    model_config = ConfigDict(extra="allow")
    reason: Literal["pin", "after", "priority", "goal", "needed-by", "team-order"]
    text: str = Field(examples=["Priority 1: that of ONL-12, which waits for it."])


class ItemDetail(Item):
    why: list[Reason] | None = Field(description="The reasons for its position; null for closed items")


class ItemChange(AnswerModel):
    at: datetime
    field: Literal[
        "start", "due", "state", "status", "sprint", "release", "priority", "assignee", "team", "order"
    ] = Field(
        description="`order`: moved in its team's own order; `after` says which way, `higher` or `lower`, "
        "or is the tracker's own word"
    )
    before: str | None = Field(examples=["2026-03-20"])
    after: str | None = Field(examples=["2026-03-27"])
    by: str | None = Field(description="A display name, where the tracker tells it")
    origin: Literal["tracker", "read"] = Field(
        description="`tracker`: its own history tells it; `read`: attune noticed it between two reads"
    )


class History(AnswerModel):
    items: list[ItemChange]
    next: str | None


class ItemList(AnswerModel):
    items: list[Item]
    next: str | None = Field(description="Cursor of the next page")


class Pins(AnswerModel):
    pins: list[str]
