"""The overarching order: every open item once (rulebook, "The overarching order"). Pure."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate, chain, pairwise, repeat
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from service.domain.graph.backlog import Backlog
from service.domain.graph.dependency_cycles import Arc, Breaks, break_cycles
from service.domain.graph.graph import Graph, Lowest, lowest
from service.domain.graph.team_order import NEUTRAL, chains
from service.domain.order.constraints import NOTHING, constraints, needed
from service.domain.order.priority import effective
from service.domain.order.reasons import Holding, Reasons
from service.domain.order.topological_sort import Placing
from service.domain.plan.dates import Mode, date_mode, needed_on
from service.domain.plan.item import OPEN, Item
from service.domain.plan.product import Plan

_NO_DAY = 2**22  # after every day's ordinal


@dataclass(frozen=True)
class Order:
    """``sequence`` and ``chains`` hold item ids; ``team_position`` counts from 1 within a team's chain."""

    sequence: Sequence[str]
    chains: Sequence[Sequence[str]]
    effective: Mapping[str, int | None]
    because: Callable[[int], Reasons]  # by the place in ``effective``

    @cached_property
    def team_position(self) -> Mapping[str, int]:
        return {one: place for chain in self.chains for place, one in enumerate(chain, 1)}


def overarching_order(backlog: Backlog) -> Order:
    planning = backlog.planning
    numbering = _numbering(backlog)
    items, ids, teams_chains = numbering.items, numbering.ids, numbering.chains
    home = [numbering.number[item[0]] for item in planning.graph.items]
    breaks = break_cycles(planning.graph, planning.cycles)
    needs = ((home[one], home[other]) for one, other in _counting(planning.graph, breaks))
    knots = ([home[node] for node in members] for members in planning.knots)
    following = constraints(teams_chains, needs, knots)
    pins = [numbering.number[pin] for pin in backlog.pins if pin in numbering.number]
    told = _Told(
        pins=pins,
        pinned_for=needed(following, pins),
        urgency=_priorities(items, planning.graph, home),
        goals=list(map(backlog.goals.get, ids)),
        deadlines=_deadlines(items, planning.graph, home, date_mode(backlog.plan)),
        chain_place=[*chain.from_iterable(range(len(one)) for one in teams_chains)],
    )
    placing = Placing(following, _by_wish(backlog.plan, numbering, told))
    instead = {
        (home[one], home[other]) for one, other in breaks.added if other not in planning.graph.dependents[one]
    }
    return Order(
        sequence=list(map(ids.__getitem__, placing.next(len(ids)))),
        chains=[ids[one.start : one.stop] for one in teams_chains],
        effective=dict(zip(ids, told.urgency.values, strict=True)),
        because=partial(_reason, ids, told, _Held(items, following.needs, placing.held_by, instead)),
    )


class _Numbering(NamedTuple):
    """Nodes are numbered chain by chain: what is looked at together then lies together in memory.

    ``by_id`` has a node's place among all ids.
    """

    items: Sequence[Item]
    ids: Sequence[str]
    number: Mapping[str, int]
    by_id: Sequence[int]
    chains: Sequence[range]


def _numbering(backlog: Backlog) -> _Numbering:
    told = sorted((item for item in backlog.items.values() if item.state in OPEN), key=itemgetter(0))
    found = chains(told)
    by_id = [*chain.from_iterable(found)]
    items = list(map(told.__getitem__, by_id))
    ids = list(map(itemgetter(0), items))
    ends = accumulate(map(len, found), initial=0)
    ranges = [range(first, end) for first, end in pairwise(ends)]
    return _Numbering(items, ids, dict(zip(ids, range(len(ids)), strict=True)), by_id, ranges)


class _Told(NamedTuple):
    """What decides where G leaves a choice, by node."""

    pins: Sequence[int]
    pinned_for: Mapping[int, int]
    urgency: Lowest
    goals: Sequence[str | None]
    deadlines: Lowest
    chain_place: Sequence[int]


def _counting(graph: Graph, breaks: Breaks) -> Iterator[Arc]:
    """Dependencies, but at the breaks of cycles what stands for them."""
    for node, others in enumerate(graph.dependents):
        for other in others:
            if (node, other) not in breaks.dropped:
                yield node, other
    yield from breaks.added


def _priorities(items: Sequence[Item], graph: Graph, home: Sequence[int]) -> Lowest:
    return _spread([item.priority for item in items], effective(graph), home)


def _deadlines(items: Sequence[Item], graph: Graph, home: Sequence[int], mode: Mode) -> Lowest:
    """As ordinals: the earliest of an item's own due and every need-by downstream."""
    own = [item.due.toordinal() if item.due else None for item in items]
    needs = [
        day.toordinal() if blockers and (day := needed_on(item, mode)) else None
        for item, blockers in zip(graph.items, graph.blockers, strict=True)
    ]
    return _spread(own, lowest(graph, [own[place] for place in home], needs), home)


def _spread(own: list[int | None], found: Lowest, home: Sequence[int]) -> Lowest:
    """What was found in the planning graph, put where it belongs."""
    for node, value in zip(home, found.values, strict=True):
        own[node] = value
    return Lowest(own, {home[node]: home[source] for node, source in found.sources.items()})


def _by_wish(plan: Plan, numbering: _Numbering, told: _Told) -> NDArray[np.intp]:
    """Nodes as they would stand if nothing held them back.

    By pin, priority, goal and day needed; then by place in the team's chain, team, and id.
    """
    goal_rank = {goal.key: rank for rank, goal in enumerate(plan.goals)}
    pins = np.full(len(numbering.ids), len(told.pins))
    pins[list(told.pinned_for)] = list(told.pinned_for.values())
    teams = (repeat(plan.team_rank(numbering.items[one.start].team), len(one)) for one in numbering.chains)
    weighty_last = (
        numbering.by_id,
        [*chain.from_iterable(teams)],
        told.chain_place,
        [_NO_DAY if day is None else day for day in told.deadlines.values],
        [goal_rank.get(goal or "", len(goal_rank)) for goal in told.goals],
        [priority or NEUTRAL for priority in told.urgency.values],
        pins,
    )
    return np.lexsort([np.asarray(keys) for keys in weighty_last])


@dataclass(frozen=True, slots=True)
class _Held:
    """Tells why an item was held back: ``held_by`` says for which one it waited last.

    ``needs`` are dependencies and what stands ``instead`` of some of a cycle.
    """

    items: Sequence[Item]
    needs: Sequence[Collection[int]]
    held_by: Sequence[int]
    instead: Collection[Arc]

    def by(self, node: int) -> Holding | None:
        earlier = self.held_by[node]
        if earlier == NOTHING:
            return None
        return Holding(self.items[earlier].id, self._relation(earlier, node))

    def _relation(self, earlier: int, later: int) -> str:
        if later not in self.needs[earlier]:
            return "team-order"
        if (earlier, later) not in self.instead:
            return "dependency"
        one, other = self.items[earlier], self.items[later]
        is_of_one_chain = (one.team, one.source) == (other.team, other.source)
        return "team-order" if is_of_one_chain else "cycle"


def _reason(ids: Sequence[str], told: _Told, held: _Held, node: int) -> Reasons:
    pin = told.pinned_for.get(node)
    return Reasons(
        pin=None if pin is None else pin + 1,
        pin_of=None if pin is None else ids[told.pins[pin]],
        priority=told.urgency.values[node],
        priority_of=ids[told.urgency.sources.get(node, node)],
        goal=told.goals[node],
        needed=told.deadlines.values[node],
        needed_of=ids[told.deadlines.sources.get(node, node)],
        chain=told.chain_place[node] + 1,
        after=held.by(node),
    )
