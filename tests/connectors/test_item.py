"""What a connector hands over."""

from typing import Any

import orjson
import pytest

from connectors.item import kept


def test_an_answer_is_kept_as_json() -> None:
    assert orjson.loads(kept({"key": "ONL-1", "rank": None})) == {"key": "ONL-1", "rank": None}


def nested(levels: int) -> Any:
    return [] if levels == 0 else [nested(levels - 1)]


@pytest.mark.parametrize("answer", [nested(400), "\ud800", 10**30], ids=["deep", "surrogate", "large"])
def test_what_json_cannot_hold_is_told(answer: Any) -> None:
    with pytest.raises(ValueError, match="it is no JSON that can be kept"):
        kept(answer)
