import importlib
from string import Formatter

import pytest

from service.rules import RULE_ORDER, catalogue, rules, version
from service.rules._engine import VIEWS
from service.rules._wording import WORDS, Words

MODULES = {name: importlib.import_module(f"service.rules.{name.replace('-', '_')}") for name in rules()}


def test_rules_come_in_the_rulebooks_order() -> None:
    assert list(rules()) == [name for name in RULE_ORDER if name in rules()]
    assert len(set(RULE_ORDER)) == len(RULE_ORDER)


@pytest.mark.parametrize("name", rules())
def test_a_rule_documents_itself_with_an_example_and_what_to_do(name: str) -> None:
    text = rules()[name].text
    summary, empty, *rest = text.splitlines()
    assert summary.endswith(".")
    assert not empty
    for part in ("Example: ", "Severity: ", "What to do: "):
        assert any(line.startswith(part) for line in rest), part


@pytest.mark.parametrize("name", rules())
def test_a_rule_documents_each_of_its_settings(name: str) -> None:
    rule = rules()[name]
    assert all(f"`{setting}`" in rule.text for setting in rule.defaults)


@pytest.mark.parametrize("name", rules())
def test_a_rule_sees_what_its_shape_says(name: str) -> None:
    assert rules()[name].shape in {"edge", *VIEWS}


@pytest.mark.parametrize("words", [WORDS, *(module.WORDS for module in MODULES.values())])
def test_every_sentence_stands_in_english_and_in_dutch_with_the_same_places(words: Words) -> None:
    assert {name: _places(text) for name, text in words["en"].items()} == {
        name: _places(text) for name, text in words["nl"].items()
    }
    assert all(words["en"][name] != words["nl"][name] for name in words["en"] if _has_words(words, name))


def _places(sentence: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(sentence) if field}


def _has_words(words: Words, name: str) -> bool:
    return any(letters.strip(": ,.()") for letters, *_ in Formatter().parse(words["en"][name]))


def test_the_catalogue_tells_what_a_product_file_may_say() -> None:
    told = {entry.name: entry for entry in catalogue()}
    assert list(told) == list(rules())
    assert told["dependency-date"].settings == {"mode": "sequential", "scope": "cross-team"}
    assert told["dependency-unplanned"].settings == {"horizon": "90d", "scope": "cross-team"}
    assert told["dependency-cycle"].settings == {}
    assert told["dependency-dropped"].summary == "An item waits for something that was dropped."
    assert told["priority-inversion"].roles == ("blocker", "urgent", "via")


def test_only_the_rules_marked_in_the_rulebook_exclude_each_other() -> None:
    assert [name for name, rule in rules().items() if rule.is_exclusive] == [
        "dependency-dropped",
        "dependency-date",
        "dependency-overdue",
        "dependency-unplanned",
    ]


def test_a_rule_has_a_version() -> None:
    assert {version(name) for name in rules()} == {1}
