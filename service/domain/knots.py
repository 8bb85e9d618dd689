"""Which items dependencies and teams' orders tie together: strongly connected components. Pure.

What must come after an item is, of each chain, all from some place on; what must come before it, all up to
some place. So a knot holds one stretch of each chain it meets, and is found from dependencies alone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import cast

import rustworkx

from service.domain.board import Arc, Board, Chain, chain_of
from service.domain.item import Item

WaysBack = Callable[[Sequence[Arc]], Iterable[int]]

Counts = Callable[[int, int], bool]
"""Whether a dependency does."""


def every(one: int, other: int) -> bool:
    return True


_NOWHERE = 2**62  # after every place
_FEW = 8  # arcs that are followed one by one before everything is looked at


@dataclass(frozen=True, slots=True)
class Knots:
    """``of`` names each node's component by its lowest node; ``members`` are of those with two or more."""

    of: Sequence[int] = (0,)
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def otherwise(self, among: Iterable[int], parts: Iterable[Collection[int]]) -> "Knots":
        """The same, but that of some nodes, all of their knots, these are the knots."""
        among = list(among)
        of, members = list(self.of), dict(self.members)
        for name in set(map(of.__getitem__, among)):
            members.pop(name, None)
        for node in among:
            of[node] = node
        for nodes in map(sorted, parts):
            members[nodes[0]] = nodes
            for node in nodes:
                of[node] = nodes[0]
        return Knots(of, self.members if members == self.members else members)


def knots_after(
    before: Knots, board: Board, was: Set[Arc], will: Set[Arc], ways_back: WaysBack, counts: Counts = every
) -> Knots:
    """``was`` and ``will``: all arcs that are no more, or are new, and others that were and are.

    Only what lies on a new way back, and knots that lost an arc, may be of another knot than they were.
    """
    known = Knots([*before.of, *range(len(before.of), len(board.items))], before.members)
    of = known.of
    joining = [arc for arc in will - was if of[arc[0]] != of[arc[1]]]
    cut = {of[one] for one, other in was - will if of[one] == of[other]}
    among = set(ways_back(joining))
    is_one = len(joining) == 1 and not cut  # a single way back ties all that lies on it
    for name in cut:
        among.update(before.members[name])
    if not among:
        return known
    return known.otherwise(among, [among] if is_one else _components(board, among, counts))


def steps(board: Board, chains: Iterable[Chain]) -> Iterator[Arc]:
    """Each one of a chain before the next."""
    return (arc for one in chains for arc in pairwise(board.chains.get(one, ())))


def dependencies(board: Board, nodes: Iterable[int], counts: Counts = every) -> Iterator[Arc]:
    """Those that lead from the nodes that are on the board."""
    for node in nodes:
        if board.is_on(node):
            for other in board.dependents[node]:
                if counts(node, other):
                    yield node, other


def ways_back(board: Board, arcs: Sequence[Arc], counts: Counts = every) -> Iterable[int]:
    """What leads from an end of these arcs to a start of them; where there are many, everything."""
    if len(arcs) > _FEW:
        return board.number.values()
    first = _reached(board, (end for _, end in arcs), counts)
    last = _reaching(board, (start for start, _ in arcs), first, counts)
    stretches = (board.chains[chain][place : last[chain] + 1] for chain, place in first.items())
    return [node for stretch in stretches for node in stretch]


def _reached(board: Board, starts: Iterable[int], counts: Counts) -> dict[Chain, int]:
    """By chain the place from which on all must come after ``starts``, themselves included."""
    found: dict[Chain, int] = {}
    items, places = cast(Sequence[Item], board.items), board.places  # no dependency leads to what left
    pending = list(starts)
    while pending:
        node = pending.pop()
        chain, place = chain_of(items[node]), places[node]
        met = found.get(chain, _NOWHERE)
        if place < met:
            found[chain] = place
            pending += [
                other
                for one in board.chains[chain][place:met]
                for other in board.dependents[one]
                if places[other] < found.get(chain_of(items[other]), _NOWHERE) and counts(one, other)
            ]
    return found


def _reaching(
    board: Board, starts: Iterable[int], first: Mapping[Chain, int], counts: Counts
) -> dict[Chain, int]:
    """By chain the place up to which all from ``first`` on must come before ``starts``, or is of them."""
    items, places = cast(Sequence[Item], board.items), board.places  # no dependency leads to what left
    found = {chain: place - 1 for chain, place in first.items()}
    pending = list(starts)
    while pending:
        node = pending.pop()
        chain, place = chain_of(items[node]), places[node]
        met = found.get(chain, _NOWHERE)
        if place > met:
            found[chain] = place
            pending += [
                other
                for one in board.chains[chain][met + 1 : place + 1]
                for other in board.blockers[one]
                if places[other] > found.get(chain_of(items[other]), _NOWHERE) and counts(other, one)
            ]
    return found


def _components(board: Board, among: Collection[int], counts: Counts) -> list[list[int]]:
    """The strongly connected components of two or more. Only dependencies are looked at one by one."""
    arcs = [arc for arc in dependencies(board, among, counts) if arc[1] in among]
    tied = sorted({end for arc in arcs for end in arc}, key=board.places.__getitem__)
    number = {node: place for place, node in enumerate(tied)}
    rows: dict[Chain, list[int]] = {}
    for node in tied:
        rows.setdefault(chain_of(board.item(node)), []).append(node)
    arcs += [step for row in rows.values() for step in pairwise(row)]
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(tied)
    graph.add_edges_from_no_data([(number[one], number[other]) for one, other in arcs])
    found = rustworkx.strongly_connected_components(graph)
    return [_stretches(board, map(tied.__getitem__, places)) for places in found if len(places) > 1]


def _stretches(board: Board, tied: Iterable[int]) -> list[int]:
    """With what stands in a chain between two of them."""
    ends: dict[Chain, list[int]] = {}
    for node in tied:
        ends.setdefault(chain_of(board.item(node)), []).append(board.places[node])
    return [
        node for chain, places in ends.items() for node in board.chains[chain][min(places) : max(places) + 1]
    ]
