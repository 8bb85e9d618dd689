"""Definitions of Done side by side."""

from typing import Literal

from pydantic import Field

from service.api.models.base import AnswerModel


class Wording(AnswerModel):
    text: str
    figure: float | None
    unit: str | None


class Criterion(AnswerModel):
    id: str
    text: str
    baseline: bool
    by_team: dict[str, Wording | None] = Field(description="The team's own words, null where it lacks it")


class DodTeam(AnswerModel):
    team: str
    origin: Literal["items", "document", "product", "none"] | None = Field(
        description="Where its lines come from; null before the first analysis"
    )
    lines: list[str]


class Difference(AnswerModel):
    criterion: str
    team: str
    kind: Literal["missing", "weaker", "stricter", "wording"]


class DefinitionsOfDone(AnswerModel):
    criteria: list[Criterion]
    teams: list[DodTeam]
    differences: list[Difference]
