import importlib
from pathlib import Path
from string import Formatter

import pytest

import service.rules
from config.extensions import RULES, extensions
from service.rules import catalogue, rules, version
from service.rules.book.declaration import Rule, Scope, Shape
from service.rules.shapes.views import VIEWS
from service.rules.support.voice import WORDS, Words
from tests.service.rules.cases import cases

MODULES = {name: importlib.import_module(f"service.rules.{name.replace('-', '_')}") for name in rules()}


TABLE = (
    "dependency-dropped",
    "dependency-date",
    "dependency-overdue",
    "dependency-unplanned",
    "dependency-chain",
    "dependency-unstarted",
    "dependency-contradiction",
    "dependency-cycle",
    "dependency-unresolved",
    "dependency-broken-promise",
    "dependency-unanswered",
    "priority-inversion",
    "order-deadlock",
    "exclusive-plans",
    "component-collision",
    "epic-overrun",
    "epic-closed-early",
    "mirror-drift",
    "ownership-overlap",
    "ownership-gap",
    "priority-inflation",
    "dod-mismatch",
)
"""The rulebook's table from top to bottom."""


def test_rules_come_in_the_order_of_the_rulebooks_table() -> None:
    assert tuple(rules()) == TABLE


def test_every_file_in_the_room_of_rules_is_a_rule() -> None:
    room = Path(service.rules.__file__).parent
    files = {path.stem.replace("_", "-") for path in room.glob("[a-z]*.py")}
    assert files == {name for name, rule in extensions(RULES).items() if rule.package is None}


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


@pytest.mark.parametrize(("shape", "scope"), [("item", "dependency"), ("edge", "neighbourhood")])
def test_a_rule_whose_shape_does_not_show_its_scope_is_refused(shape: Shape, scope: Scope) -> None:
    with pytest.raises(ValueError, match=f"a rule of shape {shape} cannot have the scope {scope}"):
        Rule(place=1, shape=shape, scope=scope)


def test_only_the_rules_marked_in_the_rulebook_exclude_each_other() -> None:
    assert [name for name, rule in rules().items() if rule.is_exclusive] == [
        "dependency-dropped",
        "dependency-date",
        "dependency-overdue",
        "dependency-unplanned",
    ]


def test_a_rule_has_a_version() -> None:
    assert {version(name) for name in rules()} == {1}


def test_a_day_that_passes_and_a_count_of_open_items_are_no_news() -> None:
    volatile = {name: set(rule.declared.volatile_facts) for name, rule in rules().items()}
    assert {name: facts for name, facts in volatile.items() if facts} == {
        "dependency-date": {"days_late"},
        "dependency-overdue": {"today", "days_late"},
        "dependency-unplanned": {"today"},
        "dependency-chain": {"days_late"},
        "dependency-contradiction": {"today"},
        "dependency-broken-promise": {"days_late"},
        "dependency-unanswered": {"today"},
        "epic-overrun": {"days_late"},
        "ownership-gap": {"open_items"},
        "priority-inflation": {"open_items", "urgent_items", "priority_1_items", "priority_2_items"},
    }


@pytest.mark.parametrize("name", rules())
def test_a_volatile_fact_is_one_that_the_rule_tells(name: str) -> None:
    told = {
        fact
        for case in cases(name)
        for found in case.findings()
        if found.rule == name
        for fact in found.facts
    }
    assert set(rules()[name].declared.volatile_facts) <= told


def test_the_conflicts_that_break_a_dependency_are_those_of_the_rulebook() -> None:
    assert [name for name, rule in rules().items() if rule.declared.breaks_dependencies] == [
        "dependency-dropped",
        "dependency-date",
        "dependency-overdue",
        "dependency-cycle",
    ]
