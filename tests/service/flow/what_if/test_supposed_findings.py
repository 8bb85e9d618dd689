"""What is found of deadlocks and teams one by one is what is found of the whole backlog."""

from collections.abc import Iterable
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.conflict.finding import Finding, Text
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.flow.what_if.supposed_findings import deadlock_findings, team_findings
from service.rules import evaluate
from tests.support.backlogs import PLAN, TEAMS, item, make_backlog
from tests.support.plaits import Plait
from tests.support.plans import open_plan


def found_in_all(backlog: Backlog, rule: str) -> list[tuple[Finding, Text]]:
    return told(finding for finding in evaluate(backlog, Comparison((), ())) if finding.rule == rule)


def told(findings: Iterable[Finding]) -> list[tuple[Finding, Text]]:
    return [(finding, finding.wording()) for finding in sorted(findings, key=lambda finding: finding.id)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9))
def test_each_deadlock_by_itself_is_found_as_in_the_whole(seed: int) -> None:
    backlog = Plait(Random(seed)).backlog()
    plan = open_plan(backlog)
    found = deadlock_findings(plan.circles, backlog.items, plan.origins, backlog.plan)
    assert told(found) == found_in_all(backlog, "order-deadlock")


def test_priorities_of_a_team_are_counted_over_all_its_open_items() -> None:
    items = [item(f"i{n:02}", TEAMS[n % 2], priority=1, state="done" if n < 4 else "todo") for n in range(44)]
    backlog = make_backlog(items, [])
    [found] = team_findings(open_plan(backlog), PLAN, {TEAMS[0]})
    assert found.id in {finding.id for finding, _ in found_in_all(backlog, "priority-inflation")}
    assert found.facts["open_items"] == 20
