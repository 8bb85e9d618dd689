"""Answers as JSON: one bad record costs only itself, anything else that is bad costs the answer."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.jira.parse.decode import UNREADABLE, decode

words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | words | st.just('"issues":[{'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words | st.just("issues"), inner, max_size=3),
    max_leaves=8,
)
records = st.lists(st.dictionaries(words, values, max_size=3), min_size=1, max_size=5)


@given(records, values)
def test_of_any_page_only_the_bad_record_is_lost(found: list[dict[str, Any]], rest: Any) -> None:
    whole = json.dumps(
        {"total": 1, "rest": rest, "issues": [{"id": "bad", "at": "@@"}, *found], "isLast": True}
    )
    answer = decode(whole.replace('"@@"', "NaN").encode())
    assert answer["issues"][0]["id"] == "bad"
    assert "NaN" in answer["issues"][0][UNREADABLE]
    assert answer["issues"][1:] == found
    assert (answer["total"], answer["rest"], answer["isLast"]) == (1, rest, True)


@given(values)
def test_what_is_right_is_as_it_was(found: Any) -> None:
    assert decode(orjson.dumps(found)) == found


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b'{"issues":[', b'{"issues":[{"a":NaN}', b'{"issues":[],"total":NaN}', b"NaN", b'{"a":NaN}'],
)
def test_an_answer_broken_outside_of_its_records_is_no_json(body: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        decode(body)


def test_lone_surrogates_and_nul_are_replaced_also_beside_a_bad_record() -> None:
    body = b'{"issues":[{"id":"1","t":"a\\ud800b\\u0000c"},{"id":"2","key":"ONL-2","t":NaN}]}'
    first, second = decode(body)["issues"]
    assert first == {"id": "1", "t": "a\ufffdb\ufffdc"}
    assert (second["id"], second["key"]) == ("2", "ONL-2")
