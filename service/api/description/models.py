"""What answers look like, for the description of the API; answers themselves are written as bytes."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from service.api.http.auth import Role

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


class Person(Answer):
    name: str | None = Field(examples=["Noor Willems"])
    email: str | None = Field(examples=["noor@example.com"])


class Owner(Person):
    team: str = Field(examples=["online"])


class Decider(Person):
    role: str = Field(
        description="`chief_po`, a team's key, or `person` for an address in the product file",
        examples=["chief_po"],
    )


class Restricted(Answer):
    """Stands for an item that its tracker hides."""

    restricted: Literal[True]


class Metric(Answer):
    name: str = Field(examples=["Orders from both channels"])
    target: float | None = Field(examples=[5000])
    unit: str | None = Field(examples=["orders/week"])


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
    blocked_by: list[str | Restricted] = Field(description="Ids of what it waits for, in any state")
    blocks: list[str | Restricted] = Field(description="Ids of what waits for it, in any state")
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


class TreeGoal(Answer):
    key: str | None = Field(description="null: what serves no goal")
    name: str | None
    metric: Metric | None
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
    id: str = Field(examples=["online-jira:10023"])
    key: str = Field(examples=["ONL-12"])
    team: str
    title: str
    role: str = Field(description="Its part in the conflict", examples=["blocker", "dependent"])


class Ends(Answer):
    blocker: str
    dependent: str


class Planned(BaseModel):
    """Only what is to be another; null takes a date away."""

    start: date | None = None
    due: date | None = None
    priority: Priority = None
    state: State | None = None


class ItemChanged(Answer):
    item: str
    set: Planned


class DependencyAdded(Answer):
    add_dependency: Ends


class DependencyRemoved(Answer):
    remove_dependency: Ends


class Fix(BaseModel):
    """Empty where only people can say what to change."""

    changes: list[ItemChanged | DependencyAdded | DependencyRemoved] = Field([], min_length=1)


class Conflict(Answer):
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


class Step(Answer):
    at: datetime
    what: Literal[
        "opened", "changed", "resolved", "reopened", "acknowledged", "accepted", "commented", "escalated"
    ]
    by: str = Field(description="The name of the token; `attune` for what an analysis found")
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
    origin: Literal["items", "document", "product", "none"] | None = Field(
        description="Where its lines come from; null before the first analysis"
    )
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
    owner: Person | None = Field(description="Whom to ask")
    components: list[str]
    sources: list[str]
    items: int
    open_items: int
    open_with_due: int
    goal_share: float | None = Field(description="Share of its open items that serve a goal, 0 to 1")
    open_conflicts: dict[Severity, int]


class TeamList(Answer):
    items: list[Team]
    next: str | None


class GoalTeam(Answer):
    team: str
    open_items: int
    open_epics: int


class Goal(Answer):
    key: str
    name: str
    metric: Metric | None
    rollup: Rollup
    teams: list[GoalTeam]


class TeamShare(Answer):
    team: str
    open_items: int
    serving: int
    share: float | None


class GoalList(Answer):
    items: list[Goal]
    next: str | None
    shares: list[TeamShare] = Field(description="How much of each team's open work serves a goal")


class Rule(Answer):
    key: str = Field(description="What a conflict has as its `kind`", examples=["dependency-date"])
    title: str = Field(description="What it reports, in one sentence")
    text: str = Field(description="What it reports, an example, what to do about it")
    example: str
    version: int | str
    enabled: bool
    settings: dict[str, Any]


class RuleList(Answer):
    items: list[Rule]
    next: str | None


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
    next: str | None


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
