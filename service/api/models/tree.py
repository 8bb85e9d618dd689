"""Goals, epics and issues with what they add up to."""

from datetime import date

from pydantic import Field

from service.api.models.base import AnswerModel, Kind, Metric, Priority, State


class Rollup(AnswerModel):
    """Over issues at any depth; epics and initiatives are not counted."""

    todo: int
    doing: int
    done: int
    dropped: int
    start: date | None = Field(description="The earliest")
    due: date | None = Field(description="The latest")
    share_done: float | None = Field(description="Done of all that was not dropped, 0 to 1")


class TreeIssue(AnswerModel):
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


class TreeGoal(AnswerModel):
    key: str | None = Field(description="null: what serves no goal")
    name: str | None
    metric: Metric | None
    rollup: Rollup
    epics: list[TreeEpic] = Field(description="Those of this page")


class Tree(AnswerModel):
    items: list[TreeGoal] = Field(description="Every goal on every page; the epics go on over pages")
    next: str | None
