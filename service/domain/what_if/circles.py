"""Which circles of dependencies and team orders there are, found anew only where a change touches them. Pure.

They are those of ``deadlock.py``: of each knot its shortest. A circle of three has an item that waits for
one of another team and is waited for by an earlier one of that team's chain: it is found from that item's
own dependencies. A knot without any is searched around what is new in it: its other circles were there
before, and the shortest of them is known. Only where that one is no more, the whole knot is searched.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf

from service.domain.graph.dependency_cycles import cycles_of
from service.domain.graph.net import Net
from service.domain.graph.shortest_circle import Knot
from service.domain.graph.small_circles import from_lowest, lowest_pairs
from service.domain.what_if.around import Around
from service.domain.what_if.board import Arc, Board, Chain, chain_of
from service.domain.what_if.knots import Knots, dependencies, knots_after, steps, ways_back
from service.domain.what_if.update import Update

Circle = tuple[str, ...]
"""Item ids, from the lowest."""

_FEW = 8  # nodes that are searched around one by one before the whole knot is


@dataclass(frozen=True, slots=True)
class Circles:
    """``cycle`` says of nodes on a cycle of dependencies which one: what is inside it does not count.

    ``board`` has only the dependencies that do. ``rows`` are chains without what no dependency joins to
    others; ``knots`` are of whole chains and what counts; ``triangles`` are the lowest by the node that is
    of another team; ``shortest`` is by knot.
    """

    cycle: Mapping[int, int] = field(default_factory=dict)
    board: Board = field(default_factory=Board)
    rows: Mapping[Chain, Sequence[int]] = field(default_factory=dict)
    knots: Knots = field(default_factory=Knots)
    triangles: Mapping[int, Circle] = field(default_factory=dict)
    shortest: Mapping[int, Circle] = field(default_factory=dict)


def circles_after(before: Circles, update: Update, bound: Knots) -> Circles:
    """``bound`` are the knots of whole chains and all dependencies."""
    cycle = {node: one for node, one in before.cycle.items() if node not in update.region}
    for members in cycles_of(update.graph):
        cycle |= dict.fromkeys((update.near[one] for one in members), update.near[members[0]])
    board = _counting(update.after, cycle)
    was = set(dependencies(before.board, update.region))
    will = set(dependencies(board, update.region))
    knots = bound  # where there is no cycle, everything counts
    if cycle:
        knots = knots_after(
            before.knots,
            board,
            {*was, *steps(update.before, update.chains)},
            {*will, *steps(update.after, update.chains)},
            partial(_ways_back, board, cycle, bound),
        )
    triangles = {node: one for node, one in before.triangles.items() if node not in update.region}
    for node in update.near:
        if lowest := min(_triangles(board, node), default=None):
            triangles[node] = lowest
    rows = _rows(before, board, update.chains, _ends(was) ^ _ends(will))
    found = Circles(cycle, board, rows, knots, triangles)
    fresh = {later for _, later in will - was} | _others(update)
    return replace(found, shortest=_shortest(before, found, fresh))


def _counting(board: Board, cycle: Mapping[int, int]) -> Board:
    """Without the dependencies inside a cycle."""
    if not cycle:
        return board
    blockers, dependents = list(board.blockers), list(board.dependents)
    for others in (blockers, dependents):
        for node, one in cycle.items():
            others[node] = [other for other in others[node] if cycle.get(other) != one]
    return replace(board, blockers=blockers, dependents=dependents)


def _ways_back(board: Board, cycle: Iterable[int], bound: Knots, arcs: Sequence[Arc]) -> Iterable[int]:
    """Only in bound knots; in those that hold no cycle, where all counts, each is one whole knot here too."""
    with_cycles = {bound.of[node] for node in cycle}
    arcs = [arc for arc in arcs if bound.of[arc[0]] == bound.of[arc[1]]]
    pure = {bound.of[one] for one, _ in arcs} - with_cycles
    others = [arc for arc in arcs if bound.of[arc[0]] in with_cycles]
    return [*(node for name in pure for node in bound.members[name]), *ways_back(board, others)]


def _others(update: Update) -> set[int]:
    """Nodes with another item than they had: they may stand elsewhere in a row, or be of another team."""
    was, will = update.before, update.after
    return {node for node in update.touched if not was.is_on(node) or was.items[node] != will.items[node]}


def _rows(
    before: Circles, board: Board, chains: Set[Chain], otherwise: Iterable[int]
) -> Mapping[Chain, Sequence[int]]:
    """``otherwise`` are nodes that were tied and are not, or are now."""
    fresh = chains | {chain_of(item) for node in otherwise if (item := board.items[node])}
    return {**before.rows, **{chain: _tied(board, board.chains[chain]) for chain in fresh}}


def _ends(arcs: Iterable[Arc]) -> set[int]:
    return {end for arc in arcs for end in arc}


def _tied(board: Board, nodes: Iterable[int]) -> list[int]:
    blockers, dependents = board.blockers, board.dependents
    return [node for node in nodes if blockers[node] or dependents[node]]


def _triangles(board: Board, node: int) -> Iterator[Circle]:
    """At least the lowest in which this node is the one of another team."""
    if not (board.blockers[node] and board.dependents[node]):
        return
    into = _by_chain(board, node, board.blockers[node])
    out = _by_chain(board, node, board.dependents[node])
    for chain in into.keys() & out.keys():
        for earlier, later in lowest_pairs(out[chain], into[chain]):
            yield tuple(from_lowest([earlier, later, board.item(node).id]))


def _by_chain(board: Board, node: int, others: Iterable[int]) -> dict[Chain, list[tuple[int, str]]]:
    """Places and ids of those of other teams, by place."""
    found: dict[Chain, list[tuple[int, str]]] = {}
    team = board.item(node).team
    for other in sorted(others, key=board.places.__getitem__):
        item = board.item(other)
        if item.team != team:
            found.setdefault(chain_of(item), []).append((board.places[other], item.id))
    return found


def _shortest(before: Circles, after: Circles, fresh: set[int]) -> Mapping[int, Circle]:
    knots = after.knots
    found: dict[int, Circle] = {}
    for node, circle in after.triangles.items():
        knot = knots.of[node]
        found[knot] = min(found.get(knot, circle), circle)
    for knot, members in knots.members.items():
        if knot not in found and (lowest := _lowest(before, after, fresh, members)):
            found[knot] = lowest
    return found


def _lowest(before: Circles, after: Circles, fresh: set[int], members: Sequence[int]) -> Circle:
    """Of a knot without triangles. Every circle that was none before passes through a ``fresh`` node.

    The others lay in knots of before, and none is shorter than the shortest of its knot, while that stands.
    """
    board, inside = after.board, frozenset(members)
    starts = _tied(board, fresh & inside)
    known = members[: bisect_left(members, len(before.knots.of))]  # the others are new
    was = set(map(before.knots.of.__getitem__, known))
    found = [before.shortest[knot] for knot in was & before.shortest.keys()]
    if len(starts) > _FEW or not all(_stands(board, circle, inside) for circle in found):
        return _searched(board, members)
    around = Around(board, after.rows, inside)
    for start in starts:
        if nodes := around.on_shortest(start, min(map(len, found), default=inf)):
            found.append(_searched(board, nodes))
    return min(found, key=lambda circle: (len(circle), circle), default=())


def _stands(board: Board, circle: Circle, inside: Collection[int]) -> bool:
    nodes = [board.number.get(one, 0) for one in circle]
    return all(node in inside for node in nodes) and _searched(board, nodes) == circle


def _searched(board: Board, members: Collection[int]) -> Circle:
    """Empty where all are of one team."""
    nodes = sorted(_tied(board, members), key=lambda node: board.item(node).id)
    items = [board.item(node) for node in nodes]
    if len({item.team for item in items}) == 1:
        return ()
    number = {node: place for place, node in enumerate(nodes)}
    row = {chain: place for place, chain in enumerate({chain_of(item) for item in items})}
    net = Net(
        teams=[item.team for item in items],
        before=[_numbered(board.blockers[node], number) for node in nodes],
        after=[_numbered(board.dependents[node], number) for node in nodes],
        row=[row[chain_of(item)] for item in items],
        place=[board.places[node] for node in nodes],
    )
    return tuple(items[one].id for one in Knot(net, range(len(nodes))).shortest_circle())


def _numbered(others: Iterable[int], number: Mapping[int, int]) -> list[int]:
    return sorted(number[other] for other in others if other in number)
