"""The overarching order: every open item once (rulebook, "The overarching order"). Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.domain.graph.backlog import Backlog
from service.domain.graph.dependency_cycles import Breaks, Edge, break_cycles
from service.domain.graph.graph import Graph, Neighbours
from service.domain.graph.memo import Work, do_work
from service.domain.graph.planning import Planning
from service.domain.graph.team_order import Team, by_team
from service.domain.order.constraints import NOTHING, Following, constraints, needed
from service.domain.order.numbering import Column, Nodes, Numbering, number_items
from service.domain.order.preference import (
    Guidance,
    Preference,
    days_needed,
    effective_priorities,
    places_of,
    sort_nodes,
)
from service.domain.order.reasons import Holding, Reasons
from service.domain.order.topological_sort import topological_sort
from service.domain.plan.dates import date_mode
from service.domain.plan.item import P, Planned


@dataclass(frozen=True)
class Order:
    """``nodes`` are in order, and numbered as ``numbering`` says; ``dues`` are ordinals by node."""

    numbering: Numbering
    dues: Column
    nodes: Sequence[int]
    preference: Preference
    held: "_Held"

    @cached_property
    def sequence(self) -> Sequence[str]:
        """Ids in the overarching order."""
        return list(map(self.numbering.ids.__getitem__, self.nodes))

    @property
    def team_orders(self) -> Sequence[Sequence[str]]:
        """Ids, team order by team order."""
        return [self.numbering.ids[order.start : order.stop] for order in self.numbering.team_orders]

    @cached_property
    def team_position(self) -> Mapping[str, int]:
        """By id, from 1, within a team's order."""
        return {item_id: place for order in self.team_orders for place, item_id in enumerate(order, 1)}

    @cached_property
    def effective(self) -> Mapping[str, int | None]:
        """The effective priority by id."""
        value = self.preference.priorities.value
        return {item_id: value(node) for node, item_id in enumerate(self.numbering.ids)}

    def because(self, node: int) -> Reasons:
        """Why an item stands where it does; ``node`` is its place in ``effective``."""
        return _reason(self.numbering.ids, self.preference, self.held, node)


def overarching_order(backlog: Backlog) -> Order:
    open_items = (item for item in backlog.items.values() if item.is_open)
    guidance = Guidance(backlog.plan, backlog.goals, backlog.pins)
    return order_teams(by_team(open_items), backlog.planning, guidance)


def order_teams(
    teams: Mapping[Team, Sequence[P]], planning: Planning[P], guidance: Guidance, work: Work = do_work
) -> Order:
    """``teams`` are all open items by team. O((V + E) log V), where few cycles have to be broken."""
    nodes, graph = number_items(teams, work), planning.graph
    home = [nodes.numbering.number[item.id] for item in graph.items]
    breaks = break_cycles(graph, planning.cycles)
    following = work(
        _constraints, nodes.numbering.team_orders, graph.dependents, breaks, planning.components, home
    )
    preference = _prefer(nodes, graph, home, guidance, following, work)
    preferred = sort_nodes(nodes, preference, guidance.plan, work)
    sequence, held_by = work(topological_sort, following, preferred)
    instead = {
        (home[blocker], home[last]) for blocker, last in breaks.added if last not in graph.dependents[blocker]
    }
    held = _Held(nodes.items, following.dependents, held_by, instead)
    return Order(nodes.numbering, nodes.dues, sequence, preference, held)


def _constraints(
    team_orders: Sequence[range],
    dependents: Neighbours,
    breaks: Breaks,
    components: Sequence[Sequence[int]],
    home: Sequence[int],
) -> Following:
    return constraints(
        team_orders,
        ((home[blocker], home[dependent]) for blocker, dependent in _counting(dependents, breaks)),
        ([home[node] for node in members] for members in components),
    )


def _counting(dependents: Neighbours, breaks: Breaks) -> Iterator[Edge]:
    """Dependencies, but at the breaks of cycles what stands for them."""
    for node, ends in enumerate(dependents):
        for dependent in ends:
            if (node, dependent) not in breaks.dropped:
                yield node, dependent
    yield from breaks.added


def _prefer(
    nodes: Nodes[P],
    graph: Graph[P],
    home: Sequence[int],
    guidance: Guidance,
    following: Following,
    work: Work,
) -> Preference:
    numbering = nodes.numbering
    pins = [numbering.number[pin] for pin in guidance.pins if pin in numbering.number]
    return Preference(
        pins=pins,
        pinned_for=work(needed, following, pins),
        priorities=effective_priorities(nodes, graph, home, work),
        goals=work(_goals, numbering.ids, guidance.goals),
        days=days_needed(nodes, graph, home, date_mode(guidance.plan), work),
        places=work(places_of, numbering),
    )


def _goals(ids: Sequence[str], goals: Mapping[str, str]) -> list[str | None]:
    return list(map(goals.get, ids))


@dataclass(frozen=True, slots=True)
class _Held:
    """Tells why an item was held back: ``held_by`` says for which one it waited last.

    ``dependents`` are those of dependencies, and of what stands ``instead`` of some of a cycle.
    """

    items: Sequence[Planned]
    dependents: Sequence[Collection[int]]
    held_by: Sequence[int]
    instead: Collection[Edge]

    def by(self, node: int) -> Holding | None:
        earlier = self.held_by[node]
        if earlier == NOTHING:
            return None
        return Holding(self.items[earlier].id, self._relation(earlier, node))

    def _relation(self, earlier: int, later: int) -> str:
        if later not in self.dependents[earlier]:
            return "team-order"
        if (earlier, later) not in self.instead:
            return "dependency"
        first, last = self.items[earlier], self.items[later]
        is_of_one_order = (first.team, first.source) == (last.team, last.source)
        return "team-order" if is_of_one_order else "cycle"


def _reason(ids: Sequence[str], preference: Preference, held: _Held, node: int) -> Reasons:
    pin = preference.pinned_for.get(node)
    return Reasons(
        pin=None if pin is None else pin + 1,
        pin_of=None if pin is None else ids[preference.pins[pin]],
        priority=preference.priorities.value(node),
        priority_of=ids[preference.priorities.sources.get(node, node)],
        goal=preference.goals[node],
        needed=preference.days.value(node),
        needed_of=ids[preference.days.sources.get(node, node)],
        chain=int(preference.places[node]) + 1,
        after=held.by(node),
    )
