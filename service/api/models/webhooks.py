"""What is sent and answered about outgoing webhooks."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from service.api.models.base import AnswerModel, Severity
from service.store.telling.subscriptions import Mode, SubscriptionState

EVERYTHING = ["*"]

Url = Annotated[str, Field(min_length=1, max_length=2000, examples=["https://hooks.example.com/attune"])]
Words = Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=100)]
Events = Annotated[
    list[Annotated[str, Field(pattern=r"^[a-z.*]+$", max_length=100)]],
    Field(min_length=1, max_length=50, description="Globs of event types", examples=[["conflict.*"]]),
]
DeliveryState = Literal["collecting", "pending", "delivered", "dead"]


class NewWebhook(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://hooks.example.com/attune", "events": ["conflict.*"]}]
        },
    )

    url: Url
    format: str = Field("standard", max_length=50, description="How a message is written")
    events: Events = EVERYTHING
    teams: Words = Field([], description="Only what concerns one of them; none: everything")
    kinds: Words = Field([], description="Of conflicts: only of these rules; none: of all")
    min_severity: Severity | None = Field(None, description="Of conflicts: only from this severity on")
    mode: Mode = Field("immediate", description="`digest` collects for the product's cadence")


class WebhookChange(BaseModel):
    """What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"state": "active"}]})

    url: Url = ""
    format: str = Field("", max_length=50)
    events: Events = EVERYTHING
    teams: Words = []
    kinds: Words = []
    min_severity: Severity | None = None
    mode: Mode = "immediate"
    state: SubscriptionState = "active"


class Replay(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"since": "2026-01-31T00:00:00Z"}]}
    )

    delivery: str | None = Field(None, max_length=100, description="This one, dead or delivered")
    since: AwareDatetime | None = Field(None, description="Every dead one queued since then")

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if (self.delivery is None) == (self.since is None):
            raise ValueError("name either a delivery or a moment in since")
        return self


class Webhook(AnswerModel):
    id: str = Field(examples=["whk_2f6d0c"])
    key: str | None = Field(description="Its key in the product file, for those configured there")
    url: str = Field(description="Without its path, which may be a secret")
    format: str
    events: list[str]
    teams: list[str]
    kinds: list[str]
    min_severity: Severity | None
    mode: Mode
    state: SubscriptionState
    created: datetime


class CreatedWebhook(Webhook):
    secret: str = Field(description="Signs what is sent; shown this once", examples=["whsec_…"])


class WebhookList(AnswerModel):
    items: list[Webhook]
    next: str | None


class Secret(AnswerModel):
    secret: str = Field(description="Shown this once; the old one signs as well for 24 hours")


class Attempt(AnswerModel):
    number: int
    at: datetime
    duration: float = Field(description="Seconds")
    status: int | None
    error: str | None = Field(description="Why there was no answer")
    answer: str | None = Field(description="Its first 2 kB; for admins only")


class Delivery(AnswerModel):
    id: str = Field(description="The `webhook-id`, the same over retries")
    type: str
    state: DeliveryState
    created: datetime
    next_attempt: datetime | None
    attempts: list[Attempt]


class DeliveryList(AnswerModel):
    items: list[Delivery]
    next: str | None


class Tested(AnswerModel):
    delivery: str
    delivered: bool
    attempt: Attempt


class Replayed(AnswerModel):
    replayed: int


class Event(AnswerModel):
    seq: int
    id: str
    type: str
    timestamp: datetime
    teams: list[str]
    kind: str | None
    severity: Severity | None
    data: dict[str, Any]


class EventList(AnswerModel):
    items: list[Event]
    next: str | None
