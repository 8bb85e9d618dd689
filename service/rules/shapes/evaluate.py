"""Every rule over one backlog. Pure."""

from collections.abc import Iterable, Iterator
from typing import Any

from service.domain.conflict.finding import SEVERITIES, Finding
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.product import Plan
from service.rules.book.declaration import Shape
from service.rules.book.installed import active_rules, exclusive_rules, place
from service.rules.shapes.dependency_shape import dependency_findings
from service.rules.shapes.duplicates import with_originals
from service.rules.shapes.views import VIEWS, MakeView


def evaluate(backlog: Backlog, comparison: Comparison) -> list[Finding]:
    """What clashes: most severe first, then in the rulebook's order, then by id."""
    edges = with_originals(backlog.edges, backlog.ties, backlog.items)
    findings = list(dependency_findings(edges, backlog.plan))
    views: dict[MakeView, Any] = {}
    for shape, make_view in VIEWS.items():
        if active_rules(backlog.plan, shape):
            if make_view not in views:
                views[make_view] = make_view(backlog, comparison, frozenset(reported(findings)))
            findings.extend(shape_findings(shape, views[make_view], backlog.plan))
    return sorted(findings, key=_sort_key)


def shape_findings(shape: Shape, view: Any, plan: Plan) -> list[Finding]:
    """Of one shape but ``edge``, over what its rules see: all of it, or a part of its own."""
    return [finding for rule in active_rules(plan, shape) for finding in rule.find(view, plan, rule.settings)]


def _sort_key(finding: Finding) -> tuple[int, int, str, str]:
    return (-SEVERITIES.index(finding.severity), place(finding.rule), finding.rule, finding.id)


def reported(findings: Iterable[Finding]) -> Iterator[str]:
    """Ids of edges on which a rule marked ◆ reports."""
    exclusive = exclusive_rules()
    return (
        dependency_id for finding in findings if finding.rule in exclusive for dependency_id in finding.edges
    )
