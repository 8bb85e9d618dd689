"""Every rule over one backlog. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from service.domain.conflict.finding import SEVERITIES, Finding
from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.product import Plan
from service.rules._agreements import Agreed, agreed
from service.rules._components import Components
from service.rules._edges import edge_findings
from service.rules._epics import Epics, epics_of
from service.rules._items import Items
from service.rules._network import Network
from service.rules._pairs import Pair, pairs_of
from service.rules._rule import RULE_ORDER, Shape, bound, rules
from service.rules._ties import Teams, ties
from service.rules._urgency import urgencies


def evaluate(backlog: Backlog, comparison: Comparison) -> list[Finding]:
    """What clashes: most severe first, then in the rulebook's order, then by id."""
    found = list(edge_findings(backlog.edges, backlog.plan))
    seen: dict[View, Any] = {}
    for shape, see in VIEWS.items():
        if bound(backlog.plan, shape):
            if see not in seen:
                seen[see] = see(backlog, comparison, found)
            found.extend(shape_findings(shape, seen[see], backlog.plan))
    return sorted(found, key=_place)


def shape_findings(shape: Shape, seen: Any, plan: Plan) -> list[Finding]:
    """Of one shape but ``edge``, over what its rules see: all of it, or a part of its own."""
    return [finding for rule in bound(plan, shape) for finding in rule.find(seen, plan, rule.settings)]


def _place(finding: Finding) -> tuple[int, int, str]:
    return (-SEVERITIES.index(finding.severity), RULE_ORDER.index(finding.rule), finding.id)


def _network(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> Network:
    return Network(backlog.planning, frozenset(reported(found)))


def reported(found: Iterable[Finding]) -> Iterator[str]:
    """Ids of edges on which a rule marked ◆ reports."""
    exclusive = {rule.name for rule in rules().values() if rule.is_exclusive}
    return (one for finding in found if finding.rule in exclusive for one in finding.edges)


def _teams(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> Teams:
    joined = ties(backlog) if comparison.criteria else {}
    return Teams(joined, comparison, urgencies(backlog.items.values()))


def _agreements(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> list[Agreed]:
    return agreed(backlog.edges, backlog.agreements)


def _items(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> Items:
    return Items(backlog.items, backlog.unresolved)


def _epics(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> Epics:
    return epics_of(backlog.items)


def _pairs(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> list[Pair]:
    return pairs_of(backlog.ties, backlog.items)


def _components(backlog: Backlog, comparison: Comparison, found: Iterable[Finding]) -> Components:
    return Components(backlog.items)


View = Callable[[Backlog, Comparison, Sequence[Finding]], Any]

VIEWS: Mapping[Shape, View] = {
    "agreement": _agreements,
    "graph": _network,
    "order": _network,
    "item": _items,
    "epic": _epics,
    "pairs": _pairs,
    "component": _components,
    "team": _teams,
}
"""What rules of each shape see, made once, when one of them is on. The last argument: the edges' findings.

``order`` sees what ``graph`` sees, but as the teams' orders join what no dependency does, only all of it.
"""
