"""What answers look like, for the description of the API; answers themselves are written as bytes."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.api.auth import Role

Kind = Literal["initiative", "epic", "story", "task", "bug", "subtask"]
State = Literal["todo", "doing", "done", "dropped"]
DateOrigin = Literal["field", "sprint", "release", "milestone", "iteration"]
Origin = Literal["native", "remote", "text", "declared"]
Health = Literal["ok", "at-risk", "broken"]
Severity = Literal["low", "medium", "high", "critical"]
ConflictState = Literal["open", "acknowledged", "accepted", "resolved"]
Priority = int | None


class Answer(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class DodLine(Answer):
    text: str
    checked: bool


class Item(Answer):
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
    blocked_by: list[Any] = Field(description='Item ids in any state; `{"restricted": true}` where hidden')
    blocks: list[Any]
    dod: list[DodLine]
    conflicts: int = Field(description="Open conflicts that involve it")
    updated: datetime
    synced: datetime


class Reason(BaseModel):
    """``text`` says it to a person; the figures in it stand beside it, by the kind of reason."""

    model_config = ConfigDict(extra="allow")
    reason: Literal["pin", "after", "priority", "goal", "needed-by", "team-order"]
    text: str = Field(examples=["Priority 1: that of ONL-12, which waits for it."])


class ItemDetail(Item):
    why: list[Reason] | None = Field(description="The reasons for its position; null for closed items")


class ItemChange(Answer):
    at: datetime
    field: str = Field(examples=["due"])
    before: str | None
    after: str | None
    by: str | None
    origin: Literal["tracker", "read"] = Field(
        description="`tracker`: its own history tells it; `read`: attune noticed it between two reads"
    )


class History(Answer):
    items: list[ItemChange]
    next: str | None


class ItemList(Answer):
    items: list[Item]
    next: str | None = Field(description="Cursor of the next page")


class Rollup(Answer):
    """Over issues at any depth; epics and initiatives are not counted."""

    todo: int
    doing: int
    done: int
    dropped: int
    start: date | None = Field(description="The earliest")
    due: date | None = Field(description="The latest")
    share_done: float | None = Field(description="Done of all that was not dropped, 0 to 1")


class TreeIssue(Answer):
    id: str
    key: str
    team: str
    title: str
    kind: Kind
    state: State
    priority: Priority
    start: date | None
    due: date | None
    conflicts: int


class TreeEpic(TreeIssue):
    rollup: Rollup
    issues: list[TreeIssue] = Field(description="The first ones; `rollup` counts all")


class Metric(Answer):
    name: str
    target: float | None = None
    unit: str | None = None


class TreeGoal(Answer):
    key: str | None = Field(description="null: what serves no goal")
    name: str | None
    metric: Any
    rollup: Rollup
    epics: list[TreeEpic] = Field(description="Those of this page")


class Tree(Answer):
    items: list[TreeGoal] = Field(description="Every goal on every page; the epics go on over pages")
    next: str | None


class Pins(Answer):
    pins: list[str]


class Dependency(Answer):
    id: str = Field(examples=["dep_0f3c5d2e9a7b41c86d20e5f1"])
    blocker: str
    dependent: str
    origins: list[Origin]
    cross_team: bool
    health: Health


class DependencyList(Answer):
    items: list[Dependency]
    next: str | None


class GraphNode(Answer):
    id: str
    key: str
    team: str
    title: str
    kind: Kind
    state: State
    start: date | None
    due: date | None


class Graph(Answer):
    nodes: list[GraphNode]
    edges: list[Dependency]
    truncated: bool = Field(description="There is more than one graph may hold")


class MatrixCell(Answer):
    open: int
    not_ok: int


class MatrixRow(Answer):
    team: str
    waits_for: dict[str, MatrixCell] = Field(description="By column team, where there is any")


class Matrix(Answer):
    teams: list[str]
    rows: list[MatrixRow]


class ConflictItem(Answer):
    id: str
    key: str
    team: str
    title: str
    role: str


class Conflict(Answer):
    id: str = Field(examples=["cfl_6d20e5f10f3c5d2e9a7b41c8"])
    kind: str = Field(examples=["dependency-date"])
    rule_version: int | str
    severity: Severity
    state: ConflictState
    title: str
    explanation: str
    suggestions: list[str]
    items: list[ConflictItem]
    teams: list[str]
    owners: list[Any]
    decider: Any
    facts: dict[str, Any]
    first_seen: datetime
    last_seen: datetime
    resolved_at: datetime | None
    escalates_at: datetime | None
    escalated_at: datetime | None
    accepted_until: date | None


class Step(Answer):
    at: datetime
    what: str
    by: str
    note: str | None


class ConflictDetail(Conflict):
    history: list[Step]


class ConflictList(Answer):
    items: list[Conflict]
    next: str | None


class Wording(Answer):
    text: str
    figure: float | None
    unit: str | None


class Criterion(Answer):
    id: str
    text: str
    baseline: bool
    by_team: dict[str, Wording | None] = Field(description="The team's own words, null where it lacks it")


class DodTeam(Answer):
    team: str
    origin: str | None = Field(description="items, document, product, none: where its lines come from")
    lines: list[str]


class Difference(Answer):
    criterion: str
    team: str
    kind: Literal["missing", "weaker", "stricter", "wording"]


class DefinitionsOfDone(Answer):
    criteria: list[Criterion]
    teams: list[DodTeam]
    differences: list[Difference]


class Team(Answer):
    key: str
    name: str
    area: str | None
    owner: Any = Field(description="Whom to ask")
    components: list[str]
    sources: list[str]
    items: int
    open_items: int
    open_with_due: int
    goal_share: float | None = Field(description="Share of its open items that serve a goal, 0 to 1")
    open_conflicts: dict[Severity, int]


class TeamList(Answer):
    items: list[Team]
    next: None


class GoalTeam(Answer):
    team: str
    open_items: int
    open_epics: int


class Goal(Answer):
    key: str
    name: str
    metric: Any
    rollup: Rollup
    teams: list[GoalTeam]


class TeamShare(Answer):
    team: str
    open_items: int
    serving: int
    share: float | None


class GoalList(Answer):
    items: list[Goal]
    next: None
    shares: list[TeamShare] = Field(description="How much of each team's open work serves a goal")


class Rule(Answer):
    name: str
    version: int | str
    summary: str
    description: str = Field(description="What it reports, an example, what to do about it")
    enabled: bool
    settings: dict[str, Any]


class RuleList(Answer):
    items: list[Rule]
    next: None


class RejectedRecord(Answer):
    key: str
    reason: str


class Source(Answer):
    key: str
    type: str
    state: Literal["never", "ok", "syncing", "stale", "failing"]
    teams: list[str]
    items: int
    complete: bool = Field(description="A full scan has finished once")
    last_delta: datetime | None
    last_full_scan: datetime | None
    watermark: datetime | None
    rejected: list[RejectedRecord]
    rejected_count: int
    unmapped: dict[str, list[str]]
    missing: list[str] = Field(description="What this host lacks and attune therefore cannot see")
    requests: int
    error: str | None
    error_reason: str | None
    failing_since: datetime | None


class SourceList(Answer):
    items: list[Source]
    next: None


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


class Token(Answer):
    id: str
    name: str
    role: Role
    teams: list[str]
    created: datetime
    last_used: datetime | None


class NewToken(Token):
    token: str = Field(description="Shown this once", examples=["att_9Jq…"])


class TokenList(Answer):
    items: list[Token]
    next: None


class Liveness(Answer):
    status: Literal["ok"]


class Readiness(Answer):
    status: Literal["ready", "not ready"]
    checks: dict[str, bool]


class FieldError(Answer):
    field: str
    message: str


class ProblemBody(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None
