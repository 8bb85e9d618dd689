"""Dependencies, the graph of them, and teams against teams."""

from datetime import date

from pydantic import Field

from service.api.models.base import AnswerModel, Health, Kind, Origin, State


class Dependency(AnswerModel):
    id: str = Field(examples=["dep_0f3c5d2e9a7b41c86d20e5f1"])
    blocker: str
    dependent: str
    origins: list[Origin]
    cross_team: bool
    health: Health


class DependencyList(AnswerModel):
    items: list[Dependency]
    next: str | None


class GraphNode(AnswerModel):
    id: str
    key: str
    team: str
    title: str
    kind: Kind
    state: State
    start: date | None
    due: date | None


class Graph(AnswerModel):
    nodes: list[GraphNode]
    edges: list[Dependency]
    truncated: bool = Field(description="There is more than one graph may hold")


class MatrixCell(AnswerModel):
    open: int
    not_ok: int


class MatrixRow(AnswerModel):
    team: str
    waits_for: dict[str, MatrixCell] = Field(description="By column team, where there is any")


class Matrix(AnswerModel):
    teams: list[str]
    rows: list[MatrixRow]
