import pytest

from config.product.rules import RULE_NAMES, RULES
from service.rules import RULE_ORDER, rules


def test_the_product_file_knows_the_rules_in_the_same_order() -> None:
    assert RULE_NAMES == RULE_ORDER


@pytest.mark.parametrize("name", rules())
def test_a_rule_takes_the_settings_that_the_product_file_may_give_with_the_same_defaults(name: str) -> None:
    fields = RULES[name].model_fields
    assert {setting: field.default for setting, field in fields.items()} == rules()[name].defaults
