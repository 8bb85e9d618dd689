"""The overarching order: every open item once (rulebook, "The overarching order"). Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from service.domain.backlog import Backlog
from service.domain.chain import NEUTRAL, chains
from service.domain.constraints import Following, constraints, needed
from service.domain.cycles import break_cycles
from service.domain.dates import date_mode, needed_on
from service.domain.graph import Graph, Lowest, graph_of, lowest
from service.domain.item import OPEN
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
    graph = graph_of((item for item in backlog.items.values() if item.state in OPEN), backlog.edges)
    ids = [item.id for item in graph.items]
    teams_chains = chains(graph.items)
    breaks = break_cycles(graph)
    following = constraints(graph, teams_chains, breaks)
    pins = _pins(backlog, ids)
    told = _Told(
        pins=pins,
        pinned_for=needed(following, pins) if pins else {},
        urgency=effective(graph),
        goals=list(map(backlog.goals.get, ids)),
        deadlines=_deadlines(backlog, graph),
        chain_place=_chain_places(teams_chains, len(ids)),
    )
    placed = _placed(following, _by_wish(backlog, graph, told))
    broken = {last for _, last in breaks.added}
    return Order(
        sequence=list(map(ids.__getitem__, placed.nodes)),
        chains=[list(map(ids.__getitem__, chain)) for chain in teams_chains],
        effective=dict(zip(ids, told.urgency.values, strict=True)),
        because=partial(_reason, ids, told, partial(_holding, graph, placed.held_by, broken)),
    )


class _Told(NamedTuple):
    """What decides where G leaves a choice, by node."""

    pins: Sequence[int]
    pinned_for: Mapping[int, int]
    urgency: Lowest
    goals: Sequence[str | None]
    deadlines: Lowest
    chain_place: Sequence[int]


def _pins(backlog: Backlog, ids: Sequence[str]) -> list[int]:
    if not backlog.pins:
        return []
    number = {one: node for node, one in enumerate(ids)}
    return [number[pin] for pin in backlog.pins if pin in number]


def _deadlines(backlog: Backlog, graph: Graph) -> Lowest:
    """As ordinals: the earliest of an item's own due and every need-by downstream."""
    mode = date_mode(backlog.plan)
    due = [item.due.toordinal() if item.due else None for item in graph.items]
    needs = [day.toordinal() if (day := needed_on(item, mode)) else None for item in graph.items]
    return lowest(graph, due, needs)


def _chain_places(teams_chains: Sequence[Sequence[int]], size: int) -> list[int]:
    places = [0] * size
    for chain in teams_chains:
        for place, node in enumerate(chain):
            places[node] = place
    return places


def _by_wish(backlog: Backlog, graph: Graph, told: _Told) -> list[int]:
    """Nodes as they would stand if nothing held them back.

    One number per node, the weightiest part first: pin, priority, goal, day needed, place in the team's
    chain, team, id (nodes are numbered by id).
    """
    plan, size = backlog.plan, max(len(graph.items), 1)
    no_pin, no_goal, no_team = len(backlog.pins), len(plan.goals), len(plan.teams)
    goal_rank = {goal.key: rank for rank, goal in enumerate(plan.goals)}
    columns = zip(
        (told.pinned_for.get(node, no_pin) for node in range(len(graph.items))),
        (priority or NEUTRAL for priority in told.urgency.values),
        (goal_rank.get(goal or "", no_goal) for goal in told.goals),
        (_NO_DAY if day is None else day for day in told.deadlines.values),
        told.chain_place,
        (plan.team_rank(item.team) for item in graph.items),
        range(len(graph.items)),
        strict=True,
    )
    wishes = [
        (
            ((((pin * 8 + urgency) * (no_goal + 1) + goal) * (_NO_DAY + 1) + day) * size + place)
            * (no_team + 1)
            + team
        )
        * size
        + node
        for pin, urgency, goal, day, place, team, node in columns
    ]
    wishes.sort()
    return [wish % size for wish in wishes]


class _Placed(NamedTuple):
    """Nodes in order; and, for those held back, the node they waited for last."""

    nodes: list[int]
    held_by: dict[int, int]


def _placed(following: Following, by_rank: Sequence[int]) -> _Placed:
    """Of the items that nothing unplaced must precede, always the one with the lowest wish.

    An item was held back if something with a higher wish stood before the last it waited for.
    Gates (nodes without a rank) stand for no item: they open as soon as all before them is placed.
    """
    size = len(by_rank)
    rank = [0] * size
    for place, node in enumerate(by_rank):
        rank[node] = place
    waiting = _predecessors(following)
    free = [rank[node] for node in range(size) if not waiting[node]]
    heapify(free)
    placed, held_by, highest = [], {}, 0
    while free:
        first = heappop(free)
        node, highest = by_rank[first], max(highest, first)
        placed.append(node)
        for other in _freed(following, waiting, node, size):
            heappush(free, rank[other])
            if rank[other] < highest:
                held_by[other] = node
    return _Placed(placed, held_by)


def _predecessors(following: Following) -> list[int]:
    counts = [0] * len(following)
    for others in following:
        for other in others:
            counts[other] += 1
    return counts


def _freed(following: Following, waiting: list[int], node: int, size: int) -> Iterator[int]:
    """The items that waited for nothing but ``node``."""
    opened = [node]
    while opened:
        for other in following[opened.pop()]:
            waiting[other] -= 1
            if waiting[other]:
                continue
            if other < size:
                yield other
            else:
                opened.append(other)


def _holding(graph: Graph, held_by: Mapping[int, int], broken: set[int], node: int) -> Holding | None:
    earlier = held_by.get(node)
    if earlier is None:
        return None
    is_dependency = earlier in graph.blockers[node]
    relation = "dependency" if is_dependency else _relation(graph, earlier, node, broken)
    return Holding(graph.items[earlier].id, relation)


def _relation(graph: Graph, earlier: int, later: int, broken: set[int]) -> str:
    """Of two that no dependency joins."""
    if later not in broken:
        return "team-order"
    one, other = graph.items[earlier], graph.items[later]
    is_of_one_chain = (one.team, one.source) == (other.team, other.source)
    return "team-order" if is_of_one_chain else "cycle"


def _reason(ids: Sequence[str], told: _Told, holding: Callable[[int], Holding | None], node: int) -> Reasons:
    pin = told.pinned_for.get(node)
    return Reasons(
        pin=None if pin is None else pin + 1,
        pin_of=None if pin is None else ids[told.pins[pin]],
        priority=told.urgency.values[node],
        priority_of=ids[told.urgency.sources[node]],
        goal=told.goals[node],
        needed=told.deadlines.values[node],
        needed_of=ids[told.deadlines.sources[node]],
        chain=told.chain_place[node] + 1,
        after=holding(node),
    )
