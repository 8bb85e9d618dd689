"""A suggestion that says what it changes resolves its conflict."""

from hypothesis import given, settings

from service.domain.conflict.finding import Finding
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.rules import evaluate, rules
from tests.service.rules.backlogs import backlogs, comparisons
from tests.service.rules.cases import all_cases
from tests.service.rules.changes import changed
from tests.support.examples import examples

NEEDS_PEOPLE = {"dependency-unresolved", "dod-mismatch"}
"""Rules whose conflicts are resolved outside the plan: no suggestion says what it changes."""


def unresolved_by(finding: Finding, backlog: Backlog, comparison: Comparison) -> list[str]:
    """The suggestions after which the conflict is still found."""
    text = finding.wording()
    assert len(text.fixes) in (0, len(text.suggestions)), text
    return [
        suggestion
        for suggestion, fix in zip(text.suggestions, text.fixes, strict=False)
        if fix and finding.id in ids(evaluate(changed(backlog, fix["changes"]), comparison))
    ]


def ids(findings: list[Finding]) -> set[str]:
    return {finding.id for finding in findings}


def test_in_every_case() -> None:
    for case in all_cases():
        backlog, comparison = case.backlog(), case.comparison()
        for finding in case.findings():
            assert unresolved_by(finding, backlog, comparison) == [], (case.rule, case.name)


@settings(max_examples=examples(200), deadline=None)
@given(backlogs(), comparisons())
def test_in_any_backlog(backlog: Backlog, comparison: Comparison) -> None:
    for finding in evaluate(backlog, comparison):
        assert unresolved_by(finding, backlog, comparison) == [], finding


def test_every_rule_of_dependencies_says_what_to_change() -> None:
    told = {
        finding.rule for case in all_cases() for finding in case.findings() if any(finding.wording().fixes)
    }
    of_dependencies = {
        name for name, rule in rules().items() if rule.shape in ("edge", "agreement", "graph", "order")
    }
    assert of_dependencies - NEEDS_PEOPLE <= told
