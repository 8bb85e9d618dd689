"""Access tokens and probes."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from service.api.http.auth import Role
from service.api.models.base import AnswerModel


class Token(AnswerModel):
    id: str
    name: str
    role: Role
    teams: list[str]
    created: datetime
    last_used: datetime | None


class CreatedToken(Token):
    token: str = Field(description="Shown this once", examples=["att_9Jq…"])


class TokenList(AnswerModel):
    items: list[Token]
    next: str | None


class Liveness(AnswerModel):
    status: Literal["ok"]


class Readiness(AnswerModel):
    status: Literal["ready", "not ready"]
    checks: dict[str, bool]
