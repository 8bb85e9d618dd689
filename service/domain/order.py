"""The overarching order: every open item once (rulebook, "The overarching order"). Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from service.domain.backlog import Backlog
from service.domain.chain import NEUTRAL, chains
from service.domain.constraints import Following, constraints, needed
from service.domain.cycles import break_cycles
from service.domain.dates import date_mode, need_of
from service.domain.graph import Graph, Lowest, graph_of, lowest
from service.domain.priority import effective
from service.domain.why import Holding, Reasons

_NO_DAY = 2**22  # after every day's ordinal


@dataclass(frozen=True, slots=True)
class Order:
    """``sequence`` holds item ids; ``team_position`` counts from 1 within a team's chain."""

    sequence: Sequence[str]
    effective: Mapping[str, int | None]
    team_position: Mapping[str, int]
    reasons: Mapping[str, Reasons]


def overarching_order(backlog: Backlog) -> Order:
    items = [item for item in backlog.items.values() if item.is_open]
    graph = graph_of(items, backlog.edges)
    number = {item.id: node for node, item in enumerate(graph.items)}
    teams_chains = chains(graph.items)
    breaks = break_cycles(graph)
    following = constraints(graph, teams_chains, breaks)
    pins = [number[pin] for pin in backlog.pins if pin in number]
    urgency = effective(graph)
    deadlines = _deadlines(backlog, graph)
    chain_place = _chain_places(teams_chains, len(graph.items))
    pinned_for = needed(following, pins) if pins else {}
    by_rank = _by_wish(backlog, graph, pinned_for, urgency, deadlines, chain_place)
    placed = _placed(following, by_rank)
    broken = {last for _, last in breaks.added}
    holding = {
        node: Holding(graph.items[earlier].id, _relation(graph, earlier, node, broken))
        for node, earlier in placed.held_by.items()
    }
    return Order(
        sequence=[graph.items[node].id for node in placed.nodes],
        effective={item.id: value for item, value in zip(graph.items, urgency.values, strict=True)},
        team_position={item.id: chain_place[node] + 1 for node, item in enumerate(graph.items)},
        reasons=_reasons(backlog, graph, pins, pinned_for, urgency, deadlines, chain_place, holding),
    )


def _deadlines(backlog: Backlog, graph: Graph) -> Lowest:
    """As ordinals: the earliest of an item's own due and every need-by downstream."""
    mode = date_mode(backlog.plan)
    due = [item.due.toordinal() if item.due else None for item in graph.items]
    needs = [need.day.toordinal() if (need := need_of(item, mode)) else None for item in graph.items]
    return lowest(graph, due, needs)


def _chain_places(teams_chains: Sequence[Sequence[int]], size: int) -> list[int]:
    places = [0] * size
    for chain in teams_chains:
        for place, node in enumerate(chain):
            places[node] = place
    return places


def _by_wish(
    backlog: Backlog,
    graph: Graph,
    pinned_for: Mapping[int, int],
    urgency: Lowest,
    deadlines: Lowest,
    chain_place: Sequence[int],
) -> list[int]:
    """Nodes as they would stand if nothing held them back.

    One number per node, the weightiest part first: pin, priority, goal, day needed, place in the team's
    chain, team, id (nodes are numbered by id).
    """
    goal_rank = {goal.key: rank for rank, goal in enumerate(backlog.plan.goals)}
    team_rank = {team.key: rank for rank, team in enumerate(backlog.plan.teams)}
    goals, no_goal, no_team, no_pin = backlog.goals, len(goal_rank), len(team_rank), len(backlog.pins)
    size = max(len(graph.items), 1)
    wishes = []
    for node, item in enumerate(graph.items):
        day = deadlines.values[node]
        wish = pinned_for.get(node, no_pin)
        wish = wish * 8 + (urgency.values[node] or NEUTRAL)
        wish = wish * (no_goal + 1) + goal_rank.get(goals.get(item.id, ""), no_goal)
        wish = wish * (_NO_DAY + 1) + (_NO_DAY if day is None else day)
        wish = wish * size + chain_place[node]
        wish = wish * (no_team + 1) + team_rank.get(item.team, no_team)
        wishes.append(wish * size + node)
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


def _relation(graph: Graph, earlier: int, later: int, broken: set[int]) -> str:
    if earlier in graph.blockers[later]:
        return "dependency"
    one, other = graph.items[earlier], graph.items[later]
    is_of_one_chain = (one.team, one.source) == (other.team, other.source)
    return "cycle" if later in broken and not is_of_one_chain else "team-order"


def _reasons(
    backlog: Backlog,
    graph: Graph,
    pins: Sequence[int],
    pinned_for: Mapping[int, int],
    urgency: Lowest,
    deadlines: Lowest,
    chain_place: Sequence[int],
    holding: Mapping[int, Holding],
) -> dict[str, Reasons]:
    ids = [item.id for item in graph.items]
    found = {}
    for node, item_id in enumerate(ids):
        pin = pinned_for.get(node)
        found[item_id] = Reasons(
            pin=None if pin is None else pin + 1,
            pin_of=None if pin is None else ids[pins[pin]],
            priority=urgency.values[node],
            priority_of=ids[urgency.sources[node]],
            goal=backlog.goals.get(item_id),
            needed=deadlines.values[node],
            needed_of=ids[deadlines.sources[node]],
            chain=chain_place[node] + 1,
            after=holding.get(node),
        )
    return found
