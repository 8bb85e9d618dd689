"""What attune sends to webhooks, for the description of the API (OpenAPI's ``webhooks``)."""

from datetime import datetime
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, Field

from service.domain.notification.event import TYPES

_SIGNED = (
    "Signed as Standard Webhooks says: `webhook-id` (the same over retries), `webhook-timestamp` and "
    "`webhook-signature`. Any 2xx is delivered, 410 disables the webhook, anything else is tried again."
)


class Message(BaseModel):
    type: str = Field(examples=["conflict.opened"])
    timestamp: datetime
    data: dict[str, Any] = Field(description="As in the list of events")


def describe(app: FastAPI) -> None:
    """Adds every type of event to ``app.webhooks``."""
    for name, meaning in TYPES.items():
        app.webhooks.add_api_route(
            name,
            _receive,
            methods=["POST"],
            operation_id="on" + "".join(part.capitalize() for part in name.split(".")),
            summary=meaning,
            description=_SIGNED,
            tags=["webhooks"],
        )


async def _receive(body: Message) -> None:
    """Stands for the receiver."""
