"""Which team supplies which: whose Definitions of Done must fit together. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import permutations
from typing import NamedTuple

from service.domain.done import Comparison
from service.domain.graph.backlog import Backlog
from service.domain.plan.ancestry import nearest_epics
from service.domain.plan.item import Item
from service.rules.shapes.urgency import Urgency

TeamPair = tuple[str, str]
"""Supplier, consumer."""


@dataclass(slots=True)
class Supply:
    """Why two teams are joined: ``edges`` counts the open ones from supplier to consumer."""

    edges: int = 0
    epics: list[str] = field(default_factory=list)  # ids
    goals: list[str] = field(default_factory=list)  # keys, in the Chief PO's order


class Teams(NamedTuple):
    """What rules of the shape ``team`` see."""

    supplies: Mapping[TeamPair, Supply]
    comparison: Comparison
    urgency: Mapping[str, Urgency]  # by team


def supplies(backlog: Backlog) -> dict[TeamPair, Supply]:
    """By supplier and consumer. An epic or goal that both have open items in joins them both ways."""
    joined: dict[TeamPair, Supply] = {}
    for edge in backlog.edges:
        if edge.crosses_teams and edge.is_open:
            joined.setdefault((edge.blocker.team, edge.dependent.team), Supply()).edges += 1
    for epic, pair in _shared(_teams_by_epic(backlog.items)):
        joined.setdefault(pair, Supply()).epics.append(epic)
    for goal, pair in _shared(_teams_by_goal(backlog)):
        joined.setdefault(pair, Supply()).goals.append(goal)
    return joined


def _shared(teams: Iterable[tuple[str, set[str]]]) -> Iterator[tuple[str, TeamPair]]:
    for name, members in teams:
        for supplier, consumer in permutations(sorted(members), 2):
            yield name, (supplier, consumer)


def _teams_by_epic(items: Mapping[str, Item]) -> list[tuple[str, set[str]]]:
    """Epics by id, each with the teams that have an open item in it, at any depth or itself."""
    nearest = nearest_epics(items.values(), items)
    teams: dict[str, set[str]] = {}
    for item in items.values():
        if not item.is_open:
            continue
        epic = item if item.kind == "epic" else nearest.get(item.id)
        while epic is not None:
            members = teams.setdefault(epic.id, set())
            if item.team in members:
                break
            members.add(item.team)
            epic = nearest.get(epic.id)
    return sorted(teams.items())


def _teams_by_goal(backlog: Backlog) -> list[tuple[str, set[str]]]:
    teams: dict[str, set[str]] = {goal.key: set() for goal in backlog.plan.goals}
    for item_id, goal in backlog.goals.items():
        item = backlog.items[item_id]
        if item.is_open:
            teams.setdefault(goal, set()).add(item.team)
    return list(teams.items())
