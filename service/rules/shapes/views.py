"""What the rules of each shape see of a backlog. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.rules.book.declaration import Shape
from service.rules.shapes.agreed_dependencies import AgreedDependency, agreed_dependencies
from service.rules.shapes.components import Components
from service.rules.shapes.epics import Epics, epics_of
from service.rules.shapes.linked_pairs import LinkedPair, linked_pairs
from service.rules.shapes.network import Network
from service.rules.shapes.single_items import SingleItems
from service.rules.shapes.suppliers import Teams, supplies
from service.rules.shapes.urgency import urgencies

MakeView = Callable[[Backlog, Comparison, frozenset[str]], Any]
"""The last argument: ids of the edges on which a rule marked ◆ reports."""


def _network(backlog: Backlog, comparison: Comparison, reported: frozenset[str]) -> Network:
    return Network(backlog.planning, reported)


def _teams(backlog: Backlog, comparison: Comparison, reported: frozenset[str]) -> Teams:
    joined = supplies(backlog) if comparison.criteria else {}
    return Teams(joined, comparison, urgencies(backlog.items.values()))


def _agreements(backlog: Backlog, comparison: Comparison, reported: frozenset[str]) -> list[AgreedDependency]:
    return agreed_dependencies(backlog.edges, backlog.agreements)


def _single_items(backlog: Backlog, comparison: Comparison, reported: frozenset[str]) -> SingleItems:
    return SingleItems(backlog.items, backlog.unresolved)


def _epics(backlog: Backlog, comparison: Comparison, reported: frozenset[str]) -> Epics:
    return epics_of(backlog.items, backlog.ties)


def _linked_pairs(backlog: Backlog, comparison: Comparison, reported: frozenset[str]) -> list[LinkedPair]:
    return linked_pairs(backlog.ties, backlog.items)


def _components(backlog: Backlog, comparison: Comparison, reported: frozenset[str]) -> Components:
    return Components(backlog.items)


VIEWS: Mapping[Shape, MakeView] = {
    "agreement": _agreements,
    "graph": _network,
    "order": _network,
    "item": _single_items,
    "epic": _epics,
    "pairs": _linked_pairs,
    "component": _components,
    "team": _teams,
}
"""Of every shape but ``edge``; each made once, when one of its rules is on.

``order`` sees what ``graph`` sees, but as the teams' orders join what no dependency does, only all of it.
"""
