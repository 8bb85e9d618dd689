"""What makes a source be read anew, and what makes its kept answers be read again."""

from typing import Any

import pytest

from service.flow.reading.source_digest import ITEM_FIELDS, digest_of
from tests.support.flow import make_product, source

ROUTED = source(mapping={"priority": {"urgent": 1}})
MAPPED = source(mapping={"fields": {"due": "Target end"}})


@pytest.mark.parametrize(
    ("changed", "is_asked_otherwise", "is_understood_otherwise"),
    [
        ({"options": source()}, False, False),
        ({"options": source(poll="7m")}, False, False),
        ({"options": ROUTED}, False, True),
        ({"options": MAPPED}, True, True),
        ({"options": source(project="OTHER")}, True, False),
        ({"item_fields": (*ITEM_FIELDS, "team_size")}, False, True),
    ],
    ids=["nothing", "how often", "words", "fields", "what", "attune knows another field"],
)
def test_what_is_read_anew_and_what_was_kept_is_read_again(
    changed: dict[str, Any], is_asked_otherwise: bool, is_understood_otherwise: bool
) -> None:
    before = digest_of(make_product(source()), source())
    told = {"options": source(), **changed}
    after = digest_of(make_product(source()), **told)
    assert (after.asked != before.asked) == is_asked_otherwise
    assert (after.understood != before.understood) == is_understood_otherwise
