"""What holds for any lines of any teams."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.done import Catalogue, Comparison, compare, team_lines
from service.domain.plan.product import BaselineCriterion
from tests.support.work import assert_linear

SAID = ("code", "review", "unit", "tests", "dekking", "deployed", "productie", "approved by", "legal", "demo")
SIGNS = ("80%", "≥", "70", "ms", "at least", "minimaal", "no", "geen", "not", "under 2 s", "!!", "[x]", "and")
WORDS = st.sampled_from((*SAID, *SIGNS, "finance", "integratie", "customer1", "customers"))
LINES = st.lists(WORDS, max_size=6).map(" ".join) | st.text(max_size=30)
TEAMS = st.dictionaries(st.sampled_from("abcdef"), st.lists(LINES, max_size=6), max_size=5)
BASELINE = st.lists(
    st.builds(BaselineCriterion, st.sampled_from(["review", "demo", "x"]), LINES, st.tuples(LINES)),
    max_size=3,
    unique_by=lambda one: one.id,
)


def _name(number: int) -> str:
    return "".join("bdfgklmnprstvz"[number // 14**place % 14] + "aeo"[number % 3] for place in range(3))


def _content(found: Comparison) -> tuple[list[object], Counter[object]]:
    criteria: list[object] = [(one.id, one.text, one.baseline, dict(one.by_team)) for one in found.criteria]
    return criteria, Counter(found.differences)


@given(TEAMS, BASELINE)
def test_the_order_of_the_teams_changes_only_the_order_told(
    known: Catalogue, teams: dict[str, list[str]], baseline: list[BaselineCriterion]
) -> None:
    turned = dict(reversed(teams.items()))
    assert _content(compare(teams, baseline, known)) == _content(compare(turned, baseline, known))


@given(TEAMS, BASELINE)
def test_comparing_twice_says_the_same(
    known: Catalogue, teams: dict[str, list[str]], baseline: list[BaselineCriterion]
) -> None:
    assert compare(teams, baseline, known) == compare(teams, baseline, known)


@given(TEAMS, BASELINE)
def test_each_line_of_each_team_is_in_exactly_one_criterion(
    known: Catalogue, teams: dict[str, list[str]], baseline: list[BaselineCriterion]
) -> None:
    found = compare(teams, baseline, known)
    assert len({one.id for one in found.criteria}) == len(found.criteria)
    for team, lines in teams.items():
        wordings = [one.by_team[team] for one in found.criteria if team in one.by_team]
        told = Counter(text for one in wordings for text in (one.text, *one.also))
        assert told == Counter(line.strip() for line in lines if line.strip())


@given(TEAMS, BASELINE)
def test_a_team_that_lacks_a_criterion_is_told_so_once(
    known: Catalogue, teams: dict[str, list[str]], baseline: list[BaselineCriterion]
) -> None:
    found = compare(teams, baseline, known)
    lacking = {(one.id, team) for one in found.criteria for team in teams if team not in one.by_team}
    told = Counter((one.criterion, one.team) for one in found.differences)
    assert {(one.criterion, one.team) for one in found.differences if one.kind == "missing"} == lacking
    assert set(told.values()) <= {1}


@given(st.lists(st.lists(LINES, max_size=4), max_size=6), st.lists(LINES, max_size=4))
def test_a_teams_lines_do_not_depend_on_the_order_of_its_items(
    items: list[list[str]], document: list[str]
) -> None:
    assert team_lines(items, document, []) == team_lines(items[::-1], document, [])


@settings(max_examples=20)
@given(st.lists(LINES, max_size=5))
def test_what_a_team_states_is_read_back_unchanged(lines: list[str]) -> None:
    once, _ = team_lines([], None, lines)
    assert team_lines([], once, [])[0] == once


def test_at_double_the_lines_a_comparison_takes_little_more_than_double_the_work(known: Catalogue) -> None:
    assert_linear(lambda teams: lambda: compared(teams, known), 25)  # of 1,000 and 2,000 lines


def compared(teams: int, known: Catalogue) -> Comparison:
    standard = list(known.texts.values())
    lines = {
        f"team{team}": [f"{standard[(team * 7 + n) % len(standard)]} in {team}.{n}" for n in range(20)]
        + [f"{_name(team * 31 + n)} kept for {_name(n * 97)} of {_name(team % 9)} shops" for n in range(20)]
        for team in range(teams)
    }
    baseline = [BaselineCriterion(f"b{n}", text) for n, text in enumerate(standard[:15])]
    return compare(lines, baseline, known)
