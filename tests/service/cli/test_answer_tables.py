import io
from typing import Any

import pytest
from rich.console import Console, RenderableType

from service.cli import answer_tables

TEAMS = {"online": "Online", "data": "Data"}

ITEM: dict[str, Any] = {
    "position": 1,
    "key": "ONL-12",
    "team": "online",
    "title": "Redeem a voucher",
    "priority": 3,
    "effective_priority": 1,
    "due": "2030-05-01",
    "goal": "promo",
    "conflicts": 2,
    "stale": False,
}
CONFLICT: dict[str, Any] = {
    "severity": "high",
    "title": "ONL-12 waits for BO-3",
    "decider": None,
    "owners": [{"name": "Sanne"}, {"name": "Noor"}],
}
DONE: dict[str, Any] = {
    "criteria": [
        {"id": "review", "text": "Code reviewed", "by_team": {"online": {"figure": None}, "data": None}},
        {
            "id": "coverage",
            "text": "Test coverage",
            "by_team": {"online": {"figure": 80.0, "unit": "%"}, "data": {"figure": 70.0, "unit": "%"}},
        },
    ],
    "teams": [{"team": "online"}, {"team": "data"}],
    "differences": [
        {"criterion": "review", "team": "data", "kind": "missing"},
        {"criterion": "coverage", "team": "data", "kind": "weaker"},
        {"criterion": "coverage", "team": "online", "kind": "wording"},
    ],
}


def _printed(part: RenderableType) -> str:
    file = io.StringIO()
    Console(file=file, width=140, highlight=False).print(part)
    return file.getvalue()


def test_an_item_shows_its_place_team_and_how_urgent_it_has_become() -> None:
    text = _printed(answer_tables.backlog([ITEM], TEAMS))
    for part in ("1", "ONL-12", "Online", "Redeem a voucher", "3→1", "2030-05-01", "promo", "⚠ 2"):
        assert part in text


@pytest.mark.parametrize("stale", [True, False])
def test_an_item_that_nobody_touched_for_long_is_marked(stale: bool) -> None:
    text = _printed(answer_tables.backlog([ITEM | {"stale": stale}], TEAMS))
    assert ("Redeem a voucher (stale)" in text) == stale


def test_what_an_item_does_not_have_is_a_dash() -> None:
    bare = ITEM | {"priority": None, "effective_priority": None, "due": None, "goal": None, "conflicts": 0}
    text = _printed(answer_tables.backlog([bare], TEAMS))
    assert text.count("–") == 3
    assert "None" not in text


def test_a_title_from_a_tracker_is_never_read_as_markup() -> None:
    text = _printed(answer_tables.backlog([ITEM | {"title": "[red]Fix [/] and [link=x]"}], TEAMS))
    assert "[red]Fix [/] and [link=x]" in text


def test_without_a_terminal_no_control_sequence_is_printed() -> None:
    assert "\x1b" not in _printed(answer_tables.conflicts([CONFLICT]))


def test_the_owners_decide_where_no_escalation_rule_names_anyone() -> None:
    assert answer_tables.decider(CONFLICT) == "Sanne, Noor"


def test_a_decider_goes_by_name_then_address_then_role() -> None:
    named = {"role": "chief_po", "name": "Pieter", "email": "p@example.com"}
    assert answer_tables.decider(CONFLICT | {"decider": named}) == "Pieter"
    assert answer_tables.decider(CONFLICT | {"decider": named | {"name": None}}) == "p@example.com"
    assert answer_tables.decider(CONFLICT | {"decider": {"role": "chief_po"}}) == "chief po"


def test_severities_are_counted_from_the_worst() -> None:
    found = [CONFLICT | {"severity": one} for one in ("low", "critical", "low")]
    assert answer_tables.severities(found) == "1 critical, 2 low"
    assert answer_tables.severities([]) == "none"


def test_a_criterion_shows_each_teams_figure_or_that_it_is_missing() -> None:
    text = _printed(answer_tables.done(DONE, TEAMS))
    assert "missing" in text
    assert "✓ 80 %" in text
    assert "✓ 70 %" in text


def test_each_teams_differences_are_one_line_and_wording_is_none() -> None:
    lines = [line.plain for line in answer_tables.differences(DONE, TEAMS)]
    assert lines == [
        "Online: has every criterion",
        "Data: missing 'Code reviewed', weaker 'Test coverage'",
    ]
