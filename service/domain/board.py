"""The overarching order kept ready with all that it is made of, for changes that are only supposed. Pure.

``overarching_order`` says where items stand and why; this answers with the same sequence, and keeps
chains, constraints and wishes at hand, so that ``reorder`` need not start afresh.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from service.domain.backlog import Backlog
from service.domain.chain import NEUTRAL, chains
from service.domain.constraints import Following, constraints, needed
from service.domain.cycles import break_cycles
from service.domain.dates import date_mode, need_of
from service.domain.graph import Graph, components, graph_of, lowest
from service.domain.priority import effective

_NO_DAY = 2**22  # after every day's ordinal


class Wanted(NamedTuple):
    """By node: effective priority; the earliest of its due and every need-by downstream, as an ordinal."""

    urgency: Sequence[int | None]
    days: Sequence[int | None]


@dataclass(frozen=True)
class Board:
    """Of the open items of ``backlog`` and the dependencies between them. What is asked for is found once."""

    backlog: Backlog

    @cached_property
    def graph(self) -> Graph:
        return graph_of((one for one in self.backlog.items.values() if one.is_open), self.backlog.edges)

    @cached_property
    def number(self) -> Mapping[str, int]:
        return {item.id: node for node, item in enumerate(self.graph.items)}

    @cached_property
    def sequence(self) -> Sequence[str]:
        size = len(self.graph.items)
        by_rank = [wish % size for wish in self.ranked]
        nodes = placed(self.following, list(self.waiting), by_rank, ())
        return [self.graph.items[node].id for node in nodes]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """From 0."""
        return {one: place for place, one in enumerate(self.sequence)}

    @cached_property
    def chains(self) -> Sequence[Sequence[int]]:
        return chains(self.graph.items)

    @cached_property
    def chain_of(self) -> Sequence[int]:
        found = [0] * len(self.graph.items)
        for number, chain in enumerate(self.chains):
            for node in chain:
                found[node] = number
        return found

    @cached_property
    def chain_places(self) -> Sequence[int]:
        found = [0] * len(self.graph.items)
        for chain in self.chains:
            for place, node in enumerate(chain):
                found[node] = place
        return found

    @cached_property
    def following(self) -> Following:
        return constraints(self.graph, self.chains, break_cycles(self.graph))

    @cached_property
    def waiting(self) -> Sequence[int]:
        """By node, how many must come before it."""
        return counted(self.following)

    @cached_property
    def both(self) -> Sequence[Sequence[int]]:
        """Dependencies, and each item before the next of its team's chain."""
        found = [list(dependents) for dependents in self.graph.dependents]
        for chain in self.chains:
            for earlier, later in pairwise(chain):
                found[earlier].append(later)
        return found

    @cached_property
    def knots(self) -> Sequence[int]:
        """By node, the number of its strongly connected component of ``both``."""
        found = [0] * len(self.graph.items)
        for number, members in enumerate(components(range(len(found)), self.both)):
            for node in members:
                found[node] = number
        return found

    @cached_property
    def knot_sizes(self) -> Mapping[int, int]:
        return Counter(self.knots)

    @cached_property
    def on_cycles(self) -> frozenset[int]:
        """Nodes on a circle of dependencies alone."""
        found = components(range(len(self.graph.items)), self.graph.dependents)
        return frozenset(node for members in found if len(members) > 1 for node in members)

    @cached_property
    def wanted(self) -> Wanted:
        return wanted(self.graph, self.backlog)

    @cached_property
    def pinned_for(self) -> Mapping[int, int]:
        return self.needed(self.following)

    def needed(self, following: Following, gone: Collection[int] = ()) -> Mapping[int, int]:
        """By node that a pinned item needs, or that is one: the first pin that does."""
        pins = [self.number[pin] for pin in self.backlog.pins if pin in self.number]
        pins = [pin for pin in pins if pin not in gone]
        return needed(following, pins) if pins else {}

    @cached_property
    def wishes(self) -> Sequence[int]:
        urgency, days = self.wanted
        return [
            self.wish(node, urgency[node], days[node], self.chain_places[node], self.pinned_for)
            for node in range(len(self.graph.items))
        ]

    @cached_property
    def ranked(self) -> Sequence[int]:
        """The wishes, lowest first; a wish modulo the number of nodes is its node."""
        return sorted(self.wishes)

    def wish(
        self, node: int, urgency: int | None, day: int | None, chain: int, pinned_for: Mapping[int, int]
    ) -> int:
        """Where it would stand if nothing held it back, as one number (rulebook, order, 3)."""
        goals, teams = self._goal_ranks, self._team_ranks
        item, size = self.graph.items[node], len(self.graph.items)
        wish = pinned_for.get(node, len(self.backlog.pins)) * 8 + (urgency or NEUTRAL)
        wish = wish * (len(goals) + 1) + goals.get(self.backlog.goals.get(item.id, ""), len(goals))
        wish = wish * (_NO_DAY + 1) + (_NO_DAY if day is None else day)
        wish = (wish * size + chain) * (len(teams) + 1) + teams.get(item.team, len(teams))
        return wish * size + node

    @cached_property
    def _goal_ranks(self) -> Mapping[str, int]:
        return {goal.key: rank for rank, goal in enumerate(self.backlog.plan.goals)}

    @cached_property
    def _team_ranks(self) -> Mapping[str, int]:
        return {team.key: rank for rank, team in enumerate(self.backlog.plan.teams)}


def wanted(graph: Graph, backlog: Backlog) -> Wanted:
    """Of a graph that is whole, or a union of what dependencies join."""
    mode = date_mode(backlog.plan)
    due = [item.due.toordinal() if item.due else None for item in graph.items]
    needs = [need.day.toordinal() if (need := need_of(item, mode)) else None for item in graph.items]
    return Wanted(effective(graph).values, lowest(graph, due, needs).values)


def counted(following: Following) -> list[int]:
    counts = [0] * len(following)
    for others in following:
        for other in others:
            counts[other] += 1
    return counts


def placed(
    following: Following, waiting: list[int], by_rank: Sequence[int], gates: Collection[int]
) -> list[int]:
    """Of the nodes that nothing unplaced must precede, always the one of lowest rank.

    What has no rank, or is among ``gates``, stands for no item: it opens once all before it is placed.
    ``waiting`` is used up.
    """
    rank = [-1] * len(following)
    for place, node in enumerate(by_rank):
        rank[node] = place
    for node in gates:
        rank[node] = -1
    ready = [node for node, count in enumerate(waiting) if not count]
    free = [rank[node] for node in ready if rank[node] >= 0]
    opened = [node for node in ready if rank[node] < 0]
    heapify(free)
    found: list[int] = []
    while free or opened:
        if opened:
            node = opened.pop()
        else:
            node = by_rank[heappop(free)]
            found.append(node)
        for other in following[node]:
            waiting[other] -= 1
            if not waiting[other]:
                if rank[other] < 0:
                    opened.append(other)
                else:
                    heappush(free, rank[other])
    return found
