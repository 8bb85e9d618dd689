"""Definitions of Done side by side."""

from typing import Literal

from pydantic import Field

from service.api.models.base import Answer


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
