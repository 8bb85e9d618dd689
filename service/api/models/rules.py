"""The rules that find conflicts."""

from typing import Any

from pydantic import Field

from service.api.models.base import Answer


class Rule(Answer):
    name: str
    version: int | str
    summary: str
    description: str = Field(description="What it reports, an example, what to do about it")
    enabled: bool
    settings: dict[str, Any]


class RuleList(Answer):
    items: list[Rule]
    next: str | None
