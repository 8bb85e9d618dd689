"""Which items dependencies and teams' orders tie together: strongly connected components. Pure.

What must come after an item is, of each chain, all from some place on; what must come before it, all up to
some place. So a knot holds one stretch of each chain it meets, and is found from dependencies alone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, pairwise

import rustworkx

from service.domain.what_if.board import Arc, Board, Chain

WaysBack = Callable[[Sequence[Arc]], Iterable[int]]

_NOWHERE = 2**62  # after every place
_FEW = 8  # arcs that are followed one by one before everything is looked at


@dataclass(frozen=True, slots=True)
class Knots:
    """``of`` names each node's component by its lowest node; ``members`` are of those with two or more."""

    of: Sequence[int] = (0,)
    members: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def otherwise(self, among: Collection[int], parts: Iterable[Collection[int]]) -> "Knots":
        """The same, but that of some nodes, all of their knots, these are the knots."""
        of = list(self.of)
        names = set(map(of.__getitem__, among))
        members = {name: nodes for name, nodes in self.members.items() if name not in names}
        for node in among:
            of[node] = node
        for nodes in map(sorted, parts):
            name = nodes[0]
            members[name] = nodes
            for node in nodes:
                of[node] = name
        return Knots(of, self.members if members == self.members else members)


def knots_after(before: Knots, board: Board, was: Set[Arc], will: Set[Arc], ways_back: WaysBack) -> Knots:
    """``was`` and ``will``: all arcs that are no more, or are new, and others that were and are.

    Only what lies on a new way back, and knots that lost an arc, may be of another knot than they were.
    """
    known = Knots([*before.of, *range(len(before.of), len(board.items))], before.members)
    of = known.of
    joining = [arc for arc in will - was if of[arc[0]] != of[arc[1]]]
    cut = [arc for arc in was - will if of[arc[0]] == of[arc[1]]]
    cut_knots = [before.members[name] for name in {of[one] for one, _ in cut}]
    among = set(ways_back(joining)).union(*cut_knots)
    if not among:
        return known
    if len(joining) == 1 and not cut:  # a single way back ties all that lies on it
        return known.otherwise(among, [among])
    if not joining and _is_bypassed(board, cut):
        left = ([node for node in nodes if board.is_on(node)] for nodes in cut_knots)
        return known.otherwise(among, [nodes for nodes in left if len(nodes) > 1])
    return known.otherwise(among, _components(board, among))


def _is_bypassed(board: Board, cut: Iterable[Arc]) -> bool:
    """Whether another way leads wherever these arcs led: then their knots hold all that has not left."""
    out: dict[int, list[int]] = {}
    for one, other in cut:
        out.setdefault(one, []).append(other)
    starts = [one for one in out if board.is_on(one)]
    return len(starts) <= _FEW and all(_leads(board, one, _beyond(board, out, one)) for one in starts)


def _beyond(board: Board, out: Mapping[int, Sequence[int]], start: int) -> set[int]:
    """What ``out`` leads to, over what has left."""
    met, pending = set[int](), list(out[start])
    while pending:
        node = pending.pop()
        if node not in met:
            met.add(node)
            pending += () if board.is_on(node) else out.get(node, ())
    return {node for node in met if board.is_on(node)}


def _leads(board: Board, start: int, ends: Iterable[int]) -> bool:
    first = _reached(board, [start])
    return all(board.places[end] >= first[board.rows[end]] for end in ends)


def steps(board: Board, chains: Iterable[Chain]) -> Iterator[Arc]:
    """Each one of a chain before the next."""
    return (arc for one in chains for arc in pairwise(board.chains.get(one, ())))


def dependencies(board: Board, nodes: Iterable[int]) -> Iterator[Arc]:
    """Those that lead from the nodes that are on the board."""
    return ((node, other) for node in nodes if board.is_on(node) for other in board.dependents[node])


def ways_back(board: Board, arcs: Sequence[Arc]) -> Iterable[int]:
    """What leads from an end of these arcs to a start of them; where there are many, everything."""
    if len(arcs) > _FEW:
        return board.number.values()
    first = _reached(board, (end for _, end in arcs))
    last = _reaching(board, (start for start, _ in arcs), first)
    stretches = zip(board.chains.values(), first, last, strict=True)
    return [node for nodes, start, end in stretches for node in nodes[start : end + 1]]


def _reached(board: Board, starts: Iterable[int]) -> list[int]:
    """By chain the place from which on all must come after ``starts``, themselves included."""
    chains, rows, places = list(board.chains.values()), board.rows, board.places
    found = [_NOWHERE] * len(chains)
    pending = list(starts)
    while pending:
        node = pending.pop()
        row, place = rows[node], places[node]
        met = found[row]
        if place < met:
            found[row] = place
            others = chain.from_iterable(map(board.dependents.__getitem__, chains[row][place:met]))
            pending += [other for other in others if places[other] < found[rows[other]]]
    return found


def _reaching(board: Board, starts: Iterable[int], first: Iterable[int]) -> list[int]:
    """By chain the place up to which all from ``first`` on must come before ``starts``, or is of them."""
    chains, rows, places = list(board.chains.values()), board.rows, board.places
    found = [place - 1 for place in first]
    pending = list(starts)
    while pending:
        node = pending.pop()
        row, place = rows[node], places[node]
        met = found[row]
        if place > met:
            found[row] = place
            others = chain.from_iterable(map(board.blockers.__getitem__, chains[row][met + 1 : place + 1]))
            pending += [other for other in others if places[other] > found[rows[other]]]
    return found


def _components(board: Board, among: Collection[int]) -> list[list[int]]:
    """The strongly connected components of two or more. Only dependencies are looked at one by one."""
    arcs = [arc for arc in dependencies(board, among) if arc[1] in among]
    tied = sorted({end for arc in arcs for end in arc}, key=board.places.__getitem__)
    number = {node: place for place, node in enumerate(tied)}
    rows: dict[int, list[int]] = {}
    for node in tied:
        rows.setdefault(board.rows[node], []).append(node)
    arcs += [step for row in rows.values() for step in pairwise(row)]
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(tied)
    graph.add_edges_from_no_data([(number[one], number[other]) for one, other in arcs])
    found = rustworkx.strongly_connected_components(graph)
    return [_stretches(board, map(tied.__getitem__, places)) for places in found if len(places) > 1]


def _stretches(board: Board, tied: Iterable[int]) -> list[int]:
    """With what stands in a chain between two of them."""
    ends: dict[int, list[int]] = {}
    for node in tied:
        ends.setdefault(board.rows[node], []).append(board.places[node])
    chains = list(board.chains.values())
    return [node for row, places in ends.items() for node in chains[row][min(places) : max(places) + 1]]
