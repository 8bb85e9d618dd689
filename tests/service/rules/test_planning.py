"""Chains and deadlocks in denser backlogs than those of all rules together, and in large ones."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.conflict.finding import Finding
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.item import Item
from service.rules import evaluate, network_of, shape_findings
from tests.service.rules import board, naive
from tests.service.rules.test_properties import as_expected
from tests.service.rules.test_suggestions import unresolved_by
from tests.support.examples import examples

EMPTY = Comparison(criteria=[], differences=[])
PLANNING = ("dependency-chain", "order-deadlock")
NAMES = ("O1", "O2", "S1", "S10", "S2", "D1", "D2")
FEW_DAYS = st.sampled_from([None, 5, 8, 10, 20, 30])


@st.composite
def lines(draw: st.DrawFn) -> Backlog:
    """Few days, so that forecasts tie; few ranks; edges that mostly lead one way."""
    items = [draw(_items(name)) for name in draw(st.permutations(NAMES))]
    names = [item.id for item in items]
    onward = [f"{one} > {other}" for place, one in enumerate(names) for other in names[place + 1 :]]
    edges = set(draw(st.lists(st.sampled_from(onward), min_size=3, max_size=12)))
    if draw(st.integers(0, 4)) == 0:
        edges.add(f"{names[-1]} > {names[draw(st.integers(0, 5))]}")
    mode = draw(st.sampled_from(["sequential", "sequential", "concurrent", "end-to-end"]))
    rules: dict[str, Any] = {"dependency_date": {"mode": mode}}
    if draw(st.booleans()):
        rules["dependency_unplanned"] = None
    return board.backlog(board.plan(**rules), items, edges)


@st.composite
def _items(draw: st.DrawFn, name: str) -> Item:
    start, due = draw(FEW_DAYS), draw(FEW_DAYS)
    return board.item(
        name,
        start=None if start is None else board.TODAY + timedelta(days=start),
        due=None if due is None else board.TODAY + timedelta(days=due),
        rank=draw(st.sampled_from([None, "a", "b", "c"])),
        source=f"{name[0]}-{draw(st.sampled_from('112'))}",
    )


def planning(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule in PLANNING]


@settings(max_examples=examples(400), deadline=None)
@given(lines())
def test_chains_and_deadlocks_are_what_the_rulebook_says(backlog: Backlog) -> None:
    wanted = {told: one for told, one in naive.evaluate(backlog, EMPTY).items() if told[0] in PLANNING}
    found = {(finding.rule, finding.identity): finding for finding in planning(evaluate(backlog, EMPTY))}
    assert found.keys() == wanted.keys()
    assert {told: as_expected(one, wanted[told].facts) for told, one in found.items()} == wanted


@settings(max_examples=examples(200), deadline=None)
@given(lines())
def test_their_suggestions_help(backlog: Backlog) -> None:
    for finding in planning(evaluate(backlog, EMPTY)):
        assert unresolved_by(finding, backlog, EMPTY) == []


def judged(shape: str, items: Sequence[Item], edges: Sequence[str]) -> list[Finding]:
    backlog = board.backlog(board.plan(), items, edges)
    network = network_of(backlog.edges)
    return planning(shape_findings(shape, network, backlog.plan))  # type: ignore[arg-type]


def test_what_thousands_wait_for_endangers_them_all_and_lists_the_worst() -> None:
    late, hub = board.item("O1", due=board.TODAY + timedelta(days=30)), board.item("O2")
    waiting = [
        board.item(f"S{number}", start=board.TODAY + timedelta(days=number % 20)) for number in range(5000)
    ]
    edges = ["O1 > O2", *(f"O2 > {item.id}" for item in waiting)]
    (finding,) = judged("graph", [late, hub, *waiting], edges)
    assert finding.facts["endangered_count"] == 5000
    assert [one["days_late"] for one in finding.facts["endangered"]] == [30] * 20
    assert sum(role.role == "endangered" for role in finding.roles) == 5000
    assert len(finding.edges) == 5001
    assert [bool(fix) for fix in finding.wording().fixes] == [True, False]


def test_a_line_of_thousands_endangers_each_of_them() -> None:
    names = [f"{'OS'[number % 2]}{number}" for number in range(10000, 13000)]
    items = [board.item(name, start=board.TODAY) for name in names]
    items[0] = items[0]._replace(due=board.TODAY + timedelta(days=1))
    edges = [f"{one} > {other}" for one, other in pairwise(names)]
    (finding,) = judged("graph", items, edges)
    assert finding.facts["endangered_count"] == 2998


@pytest.mark.parametrize("teams", [40, 400])
def test_a_circle_through_many_chains_is_found_and_walked_once(teams: int) -> None:
    """Every chain puts its first before its last, which the next chain's first waits for."""
    size = 20
    items = [
        board.item(f"{'OSD'[team % 3]}{team * size + place + 10000}", source=f"{team}", rank=f"{place:02}")
        for team in range(teams)
        for place in range(size)
    ]
    rows = [items[start : start + size] for start in range(0, len(items), size)]
    edges = [f"{row[-1].id} > {rows[place - 1][0].id}" for place, row in enumerate(rows)]
    (finding,) = judged("order", items, edges)
    assert len(finding.identity) == 2 * teams
