"""Standard Webhooks' body: what happened, when, and its data."""

import orjson

from service.domain.notification.event import Event

CONTENT_TYPE = "application/json"


def render(event: Event) -> str:
    body = {"type": event.type, "timestamp": event.timestamp, "data": event.data}
    return orjson.dumps(body).decode()
