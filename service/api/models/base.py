"""What several answers share."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from config.severity import Severity as Severity
from connectors.item import DateOrigin as DateOrigin
from connectors.item import Kind as Kind
from connectors.item import State as State

Origin = Literal["native", "remote", "text", "declared"]
Health = Literal["ok", "at-risk", "broken"]
ConflictState = Literal["open", "acknowledged", "accepted", "resolved"]
Priority = int | None


class AnswerModel(BaseModel):
    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Person(AnswerModel):
    name: str | None = Field(examples=["Noor Willems"])
    email: str | None = Field(examples=["noor@example.com"])


class Owner(Person):
    team: str = Field(examples=["online"])


class Decider(Person):
    role: str = Field(
        description="`chief_po`, a team's key, or `person` for an address in the product file",
        examples=["chief_po"],
    )


class Restricted(AnswerModel):
    """Stands for an item that its tracker hides."""

    restricted: Literal[True]


class Metric(AnswerModel):
    name: str = Field(examples=["Orders from both channels"])
    target: float | None = Field(examples=[5000])
    unit: str | None = Field(examples=["orders/week"])


class FieldError(AnswerModel):
    field: str
    message: str


class ProblemBody(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None
