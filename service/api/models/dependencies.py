"""Dependencies, the graph of them, and teams against teams."""

from datetime import date

from pydantic import Field

from service.api.models.base import Answer, Health, Kind, Origin, State


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
