import pytest

from service.domain.conflict.finding import Finding, Text
from service.rules import dependency_health
from tests.service.rules import board

ITEMS = {name: board.item(name) for name in ("O1", "S1", "D1")}
EDGES = [board.edge(text, ITEMS) for text in ("O1 > S1", "S1 > D1")]
FIRST, SECOND = (edge.id for edge in EDGES)


def finding(rule: str, *edges: str) -> Finding:
    return Finding(rule, ("x",), "low", (), (), lambda: Text("", ""), edges=edges)


@pytest.mark.parametrize(
    "rule", ["dependency-dropped", "dependency-date", "dependency-overdue", "dependency-cycle"]
)
def test_a_conflict_that_says_it_cannot_work_breaks_the_edge(rule: str) -> None:
    assert dependency_health(EDGES, [finding(rule, FIRST)]) == {FIRST: "broken", SECOND: "ok"}


@pytest.mark.parametrize("rule", ["dependency-unplanned", "dependency-unstarted", "priority-inversion"])
def test_any_other_conflict_puts_it_at_risk(rule: str) -> None:
    assert dependency_health(EDGES, [finding(rule, SECOND)]) == {FIRST: "ok", SECOND: "at-risk"}


@pytest.mark.parametrize("turn", [1, -1])
def test_broken_outweighs_at_risk_in_any_order(turn: int) -> None:
    found = [finding("priority-inversion", FIRST, SECOND), finding("dependency-cycle", FIRST)][::turn]
    assert dependency_health(EDGES, found) == {FIRST: "broken", SECOND: "at-risk"}


def test_a_conflict_without_edges_touches_none() -> None:
    assert dependency_health(EDGES, [finding("dod-mismatch")]) == {FIRST: "ok", SECOND: "ok"}
