"""Every rule over one backlog. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from service.domain.backlog import Backlog
from service.domain.done import Comparison
from service.domain.finding import SEVERITIES, Finding
from service.domain.plan import Plan
from service.rules._edges import edge_findings
from service.rules._network import Network, network_of
from service.rules._rule import RULE_ORDER, Shape, bound, rules
from service.rules._ties import Teams, ties


def evaluate(backlog: Backlog, comparison: Comparison) -> list[Finding]:
    """What clashes: most severe first, then in the rulebook's order, then by id."""
    found = list(edge_findings(backlog.edges, backlog.plan))
    for shape, see in VIEWS.items():
        if bound(backlog.plan, shape):
            found.extend(shape_findings(shape, see(backlog, comparison, found), backlog.plan))
    return sorted(found, key=_place)


def shape_findings(shape: Shape, seen: Any, plan: Plan) -> list[Finding]:
    """Of one shape but ``edge``, over what its rules see: all of it, or a part of its own."""
    return [finding for rule in bound(plan, shape) for finding in rule.find(seen, plan, rule.settings)]


def _place(finding: Finding) -> tuple[int, int, str]:
    return (-SEVERITIES.index(finding.severity), RULE_ORDER.index(finding.rule), finding.id)


def _network(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> Network:
    exclusive = {rule.name for rule in rules().values() if rule.is_exclusive}
    return network_of(
        backlog.edges, (one for finding in found if finding.rule in exclusive for one in finding.edges)
    )


def _teams(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> Teams:
    return Teams(ties(backlog) if comparison.criteria else {}, comparison)


VIEWS: Mapping[Shape, Callable[[Backlog, Comparison, Sequence[Finding]], Any]] = {
    "graph": _network,
    "team": _teams,
}
"""What rules of each shape see, made when one of them is on. The last argument: the edges' findings."""
