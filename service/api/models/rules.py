"""The rules that find conflicts."""

from typing import Any

from pydantic import Field

from service.api.models.base import AnswerModel


class Rule(AnswerModel):
    key: str = Field(description="What a conflict has as its `kind`", examples=["dependency-date"])
    title: str = Field(description="What it reports, in one sentence")
    text: str = Field(description="What it reports, an example, what to do about it")
    example: str
    version: int | str
    enabled: bool
    settings: dict[str, Any]


class RuleList(AnswerModel):
    items: list[Rule]
    next: str | None
