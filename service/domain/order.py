"""The overarching order: every open item once (rulebook, "The overarching order"). Pure."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from operator import itemgetter
from typing import NamedTuple

from service.domain.backlog import Backlog
from service.domain.chain import NEUTRAL, chains
from service.domain.constraints import NOTHING, constraints, needed
from service.domain.cycles import Arc, Breaks, break_cycles
from service.domain.dates import Mode, date_mode, needed_on
from service.domain.graph import Graph, Lowest, lowest
from service.domain.item import OPEN, Item
from service.domain.placing import Placing
from service.domain.priority import effective
from service.domain.why import Holding, Reasons

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
    items = sorted((item for item in backlog.items.values() if item.state in OPEN), key=itemgetter(0))
    ids = list(map(itemgetter(0), items))
    home = _homes(ids, planning.graph)
    teams_chains = chains(items)
    breaks = break_cycles(planning.graph, planning.cycles)
    needs = ((home[one], home[other]) for one, other in _counting(planning.graph, breaks))
    knots = ([home[node] for node in members] for members in planning.knots)
    following = constraints(teams_chains, needs, knots)
    pins = _pins(backlog, ids)
    told = _Told(
        pins=pins,
        pinned_for=needed(following, pins) if pins else {},
        urgency=_priorities(items, planning.graph, home),
        goals=list(map(backlog.goals.get, ids)),
        deadlines=_deadlines(items, planning.graph, home, date_mode(backlog.plan)),
        chain_place=_chain_places(teams_chains, len(ids)),
    )
    placing = Placing(following, _by_wish(backlog, items, told))
    broken = {home[last] for _, last in breaks.added}
    return Order(
        sequence=list(map(ids.__getitem__, placing.next(len(ids)))),
        chains=[list(map(ids.__getitem__, chain)) for chain in teams_chains],
        effective=dict(zip(ids, told.urgency.values, strict=True)),
        because=partial(_reason, ids, told, _Held(items, planning.graph, home, placing.held_by, broken)),
    )


class _Told(NamedTuple):
    """What decides where G leaves a choice, by node."""

    pins: Sequence[int]
    pinned_for: Mapping[int, int]
    urgency: "_Spread"
    goals: Sequence[str | None]
    deadlines: "_Spread"
    chain_place: Sequence[int]


class _Spread(NamedTuple):
    """By node a value; and whose it is, where that is another's."""

    values: list[int | None]
    sources: Mapping[int, int]


def _homes(ids: Sequence[str], graph: Graph) -> list[int]:
    """By node of the planning graph its place among all."""
    tied = {item[0] for item in graph.items}
    return [place for place, one in enumerate(ids) if one in tied]


def _counting(graph: Graph, breaks: Breaks) -> Iterator[Arc]:
    """Dependencies, but at the breaks of cycles what stands for them."""
    for node, others in enumerate(graph.dependents):
        for other in others:
            if (node, other) not in breaks.dropped:
                yield node, other
    yield from breaks.added


def _pins(backlog: Backlog, ids: Sequence[str]) -> list[int]:
    if not backlog.pins:
        return []
    number = {one: node for node, one in enumerate(ids)}
    return [number[pin] for pin in backlog.pins if pin in number]


def _priorities(items: Sequence[Item], graph: Graph, home: Sequence[int]) -> _Spread:
    return _spread([item.priority for item in items], effective(graph), home)


def _deadlines(items: Sequence[Item], graph: Graph, home: Sequence[int], mode: Mode) -> _Spread:
    """As ordinals: the earliest of an item's own due and every need-by downstream."""
    own = [item.due.toordinal() if item.due else None for item in items]
    needs = [
        day.toordinal() if blockers and (day := needed_on(item, mode)) else None
        for item, blockers in zip(graph.items, graph.blockers, strict=True)
    ]
    return _spread(own, lowest(graph, [own[place] for place in home], needs), home)


def _spread(own: list[int | None], found: Lowest, home: Sequence[int]) -> _Spread:
    """What was found in the planning graph, put where it belongs."""
    sources = {}
    for place, node, value, source in zip(home, range(len(home)), *found, strict=True):
        own[place] = value
        if source != node:
            sources[place] = home[source]
    return _Spread(own, sources)


def _chain_places(teams_chains: Sequence[Sequence[int]], size: int) -> list[int]:
    places = [0] * size
    for chain in teams_chains:
        for place, node in enumerate(chain):
            places[node] = place
    return places


def _by_wish(backlog: Backlog, items: Sequence[Item], told: _Told) -> list[int]:
    """Nodes as they would stand if nothing held them back.

    By pin, priority, goal and day needed; then by place in the team's chain, team, and id, by which nodes
    are numbered.
    """
    plan, no_pin = backlog.plan, len(backlog.pins)
    goal_rank = {goal.key: rank for rank, goal in enumerate(plan.goals)}
    weighty = zip(
        (told.pinned_for.get(node, no_pin) for node in range(len(items))),
        (priority or NEUTRAL for priority in told.urgency.values),
        (goal_rank.get(goal or "", len(goal_rank)) for goal in told.goals),
        (_NO_DAY if day is None else day for day in told.deadlines.values),
        strict=True,
    )
    equals: dict[tuple[int, ...], list[int]] = {}
    for node, wish in enumerate(weighty):
        equals.setdefault(wish, []).append(node)
    places = zip(told.chain_place, (plan.team_rank(item.team) for item in items), strict=True)
    tie = [place * (len(plan.teams) + 1) + team for place, team in places]
    return [node for wish in sorted(equals) for node in sorted(equals[wish], key=tie.__getitem__)]


@dataclass(frozen=True, slots=True)
class _Held:
    """Tells why an item was held back: ``held_by`` says for which one it waited last."""

    items: Sequence[Item]
    graph: Graph
    home: Sequence[int]
    held_by: Sequence[int]
    broken: Collection[int]

    def by(self, node: int) -> Holding | None:
        earlier = self.held_by[node]
        if earlier == NOTHING:
            return None
        relation = "dependency" if self._is_blocker(earlier, node) else self._relation(earlier, node)
        return Holding(self.items[earlier].id, relation)

    def _is_blocker(self, earlier: int, later: int) -> bool:
        place = bisect_left(self.home, later)
        is_tied = place < len(self.home) and self.home[place] == later
        return is_tied and any(self.home[one] == earlier for one in self.graph.blockers[place])

    def _relation(self, earlier: int, later: int) -> str:
        """Of two that no dependency joins."""
        if later not in self.broken:
            return "team-order"
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
