from collections.abc import Mapping, Sequence

import pytest

from service.domain.done import Catalogue, Comparison, Criterion, Wording, compare
from service.domain.plan.product import BaselineCriterion

REVIEW = BaselineCriterion("review", "Code reviewed", ("Gezien door de gilde",))
COVERAGE = BaselineCriterion("coverage", "Test coverage at least 80%")


def _differences(found: Comparison) -> list[tuple[str, str, str]]:
    return [(one.criterion, one.team, one.kind) for one in found.differences]


def _one(found: Comparison) -> Criterion:
    assert len(found.criteria) == 1
    return found.criteria[0]


def test_each_criterion_stands_once_with_every_teams_own_wording(known: Catalogue) -> None:
    found = _one(compare({"a": ["Code reviewed"], "b": ["Code review gedaan"], "c": []}, (), known))
    assert found.by_team == {"a": Wording("Code reviewed"), "b": Wording("Code review gedaan")}


def test_the_baseline_names_a_criterion_then_the_catalogue_then_its_text(known: Catalogue) -> None:
    lines = {
        "a": ["Price labels printed", "Demo given", "Unit tests written", "Codereview", "Artwork bought"]
    }
    found = compare(lines, (COVERAGE, REVIEW), known).criteria
    assert [one.id for one in found] == [
        "coverage",
        "review",
        "unit-tests",
        "demo",
        "artwork bought",
        "price labels printed",
    ]
    assert [one.baseline for one in found] == [True, True, False, False, False, False]
    assert [one.text for one in found[:3]] == [
        "Test coverage at least 80%",
        "Code reviewed",
        "Unit tests written",
    ]


def test_a_baseline_settles_a_match_by_hand_before_everything(known: Catalogue) -> None:
    by_hand = BaselineCriterion("quality", "Looked after", ("Unit tests written", "Gilderegel 7"))
    found = compare({"a": ["Gilderegel 7!"], "b": ["unit tests written"]}, (by_hand,), known)
    assert list(_one(found).by_team) == ["a", "b"]
    assert _differences(found) == []


def test_what_also_says_is_understood_by_meaning_too(known: Catalogue) -> None:
    by_hand = BaselineCriterion("quality", "Looked after", ("Unit tests written",))
    found = compare({"a": ["Unittests geschreven"]}, (by_hand,), known)
    assert _one(found).id == "quality"
    assert _differences(found) == [("quality", "a", "wording")]


def test_of_two_baseline_criteria_of_one_meaning_the_more_alike_is_taken(known: Catalogue) -> None:
    two = (
        BaselineCriterion("branch", "Branch coverage at least 60%"),
        BaselineCriterion("line", "Line coverage at least 80%"),
    )
    found = compare({"a": ["Line coverage 85%", "Branch coverage 70%"]}, two, known)
    assert [one.by_team["a"].text for one in found.criteria] == ["Branch coverage 70%", "Line coverage 85%"]


def test_a_baseline_id_is_never_given_to_another_criterion(known: Catalogue) -> None:
    clash = (BaselineCriterion("demo", "Code reviewed"), BaselineCriterion("artwork", "Unit tests"))
    found = compare({"a": ["Demo given", "Artwork", "Code review"]}, clash, known)
    assert [one.id for one in found.criteria] == ["demo", "artwork"]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("Test coverage at least 80%", []),
        ("Test coverage ≥ 80 %", []),
        ("Testdekking minstens 80%", ["wording"]),
        ("Testdekking minstens 70%", ["weaker"]),
        ("Test coverage at least 90%", ["stricter"]),
        ("Test coverage measured", ["weaker"]),
        ("Test coverage measured within 2 days", ["wording"]),
        ("Demo given", ["missing"]),
        ("", ["missing"]),
    ],
)
def test_a_team_is_held_against_the_baseline(line: str, kinds: list[str], known: Catalogue) -> None:
    found = compare({"a": [line]}, (COVERAGE,), known).differences
    assert [one.kind for one in found if one.criterion == "coverage"] == kinds


@pytest.mark.parametrize(
    ("line", "kinds"),
    [("Laadtijd hoogstens 3 s", ["weaker"]), ("Laadtijd 500 ms", ["stricter"]), ("Laadtijd 2000 ms", [])],
)
def test_a_higher_figure_is_weaker_where_at_most_is_asked(
    line: str, kinds: list[str], known: Catalogue
) -> None:
    asked = BaselineCriterion("speed", "Laadtijd onder 2 s")
    assert [one.kind for one in compare({"a": [line]}, (asked,), known).differences] == kinds


def test_a_figure_where_the_baseline_asks_none_is_stricter(known: Catalogue) -> None:
    found = compare({"a": ["Code reviewed by 2 peers"]}, (REVIEW,), known)
    assert _differences(found) == [("review", "a", "stricter")]


def test_a_team_without_a_definition_lacks_every_criterion(known: Catalogue) -> None:
    found = compare({"a": [], "b": ["Demo given"]}, (REVIEW, COVERAGE), known)
    assert _differences(found) == [
        ("review", "a", "missing"),
        ("review", "b", "missing"),
        ("coverage", "a", "missing"),
        ("coverage", "b", "missing"),
        ("demo", "a", "missing"),
    ]


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        ({"a": ["Coverage 70%"], "b": ["Coverage 80%"]}, {"a": "weaker", "b": "stricter"}),
        (
            {"a": ["Coverage 70%"], "b": ["Coverage 80%"], "c": ["Coverage 75%"]},
            {"a": "weaker", "b": "stricter", "c": "weaker"},
        ),
        ({"a": ["Coverage measured"], "b": ["Coverage 80%"]}, {"a": "weaker", "b": "stricter"}),
        ({"a": ["Coverage 80%"], "b": ["Coverage ≥ 80%"]}, {}),
        ({"a": ["Coverage 80%"], "b": ["Dekking 80%"], "c": ["Dekking 80%"]}, {"a": "wording"}),
        ({"a": ["Loads within 3 s"], "b": ["Loads within 2 s"]}, {"a": "weaker", "b": "stricter"}),
        ({"a": ["Code reviewed"], "b": []}, {"b": "missing"}),
        ({"a": ["Code reviewed"]}, {}),
    ],
)
def test_outside_the_baseline_teams_are_held_against_each_other(
    lines: Mapping[str, Sequence[str]], kinds: dict[str, str], known: Catalogue
) -> None:
    found = compare(lines, (), known)
    assert len(found.criteria) == 1
    assert {one.team: one.kind for one in found.differences} == kinds


def test_of_two_lines_of_a_team_for_one_criterion_the_stricter_is_shown_and_none_is_lost(
    known: Catalogue,
) -> None:
    lines = ["Coverage measured", "Coverage 70%", "Coverage 85%"]
    shown = _one(compare({"a": lines}, (COVERAGE,), known)).by_team["a"]
    assert shown == Wording("Coverage 85%", 85, "%", "at least", ("Coverage measured", "Coverage 70%"))


def test_the_baselines_own_threshold_is_told(known: Catalogue) -> None:
    required = _one(compare({}, (COVERAGE,), known)).required
    assert required == Wording("Test coverage at least 80%", 80, "%", "at least")
