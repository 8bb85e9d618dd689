"""What the product file may say of a rule is what the rule's own file declares."""

from datetime import timedelta

import pytest

from config.product.rules import rule_models, rule_names
from service.rules import rules

WRITTEN = {"scope": "all", "mode": "end-to-end", "horizon": "2w", "after": "3d"}
MEANT = WRITTEN | {"horizon": timedelta(days=14), "after": timedelta(days=3)}


def test_the_product_file_knows_the_rules_in_the_rulebooks_order() -> None:
    assert rule_names() == tuple(rules())


@pytest.mark.parametrize("name", rules())
def test_a_rule_takes_the_settings_that_it_declares_as_a_person_writes_them(name: str) -> None:
    rule = rules()[name]
    told = rule_models()[name].model_validate({setting: WRITTEN[setting] for setting in rule.defaults})
    wanted = {setting: MEANT[setting] for setting in rule.defaults}
    assert rule.settings(**told.model_dump()) == rule.settings(**wanted)
