"""Teams and goals."""

from pydantic import Field

from service.api.models.base import AnswerModel, Metric, Person, Severity
from service.api.models.tree import Rollup


class Team(AnswerModel):
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


class TeamList(AnswerModel):
    items: list[Team]
    next: str | None


class GoalTeam(AnswerModel):
    team: str
    open_items: int
    open_epics: int


class Goal(AnswerModel):
    key: str
    name: str
    metric: Metric | None
    rollup: Rollup
    teams: list[GoalTeam]


class TeamShare(AnswerModel):
    team: str
    open_items: int
    serving: int
    share: float | None


class GoalList(AnswerModel):
    items: list[Goal]
    next: str | None
    shares: list[TeamShare] = Field(description="How much of each team's open work serves a goal")
