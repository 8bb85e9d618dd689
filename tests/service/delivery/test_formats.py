"""Every message format there is writes every event there is, the same at every attempt."""

import orjson
import pytest

from service.delivery.formats import formats
from service.domain.notification.event import TYPES, Event

HOSTILE = 'Tills\r\nX-Evil: 1 <!channel> @here </script> "quoted" \u202e\u0000 🙂'


def event(of_type: str) -> Event:
    data = {"id": "cfl_1", "title": HOSTILE, "facts": {"days_late": 9, "due": None}}
    return Event(of_type, 1_772_442_000.9, ("online",), data=data, id="evt_1")


@pytest.mark.parametrize("name", formats())
@pytest.mark.parametrize("of_type", TYPES)
def test_an_event_of_any_type_becomes_the_same_text_each_time(name: str, of_type: str) -> None:
    chosen = formats()[name]
    body = chosen.render(event(of_type))
    assert body == chosen.render(event(of_type))
    assert body.encode()
    assert "\r" not in chosen.CONTENT_TYPE
    assert "\n" not in chosen.CONTENT_TYPE


def test_standard_is_standard_webhooks_body() -> None:
    assert orjson.loads(formats()["standard"].render(event("conflict.opened"))) == {
        "type": "conflict.opened",
        "timestamp": "2026-03-02T09:00:00Z",
        "data": {"id": "cfl_1", "title": HOSTILE, "facts": {"days_late": 9, "due": None}},
    }
