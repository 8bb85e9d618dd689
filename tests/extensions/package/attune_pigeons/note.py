"""A message format: one line of text, short enough for a pigeon."""

from service.domain.notification.event import Event

CONTENT_TYPE = "text/plain; charset=utf-8"


def render(event: Event) -> str:
    return f"{event.type}: {event.data.get('title', '')}"
