"""Which circles of dependencies and team orders there are, found anew only where a change touches them. Pure.

They are those of ``deadlock.py``: of each knot its shortest. A circle of three has an item that waits for
one of another team and is waited for by an earlier one of that team's chain: it is found from that item's
own dependencies. A knot without any is searched around what is new in it: its other circles were there
before, and the shortest of them is known. Only where that one is no more, the whole knot is searched.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from service.domain.around import Around
from service.domain.binding import arcs_of
from service.domain.board import Arc, Board, Chain, chain_of
from service.domain.graph import components
from service.domain.knot import Knot
from service.domain.knots import Knots, knots_after, no_knots, successive
from service.domain.net import Net
from service.domain.small import from_lowest, lowest_pairs
from service.domain.update import Update

Circle = tuple[str, ...]
"""Item ids, from the lowest."""

_FEW = 8  # nodes that are searched around one by one before the whole knot is


@dataclass(frozen=True, slots=True)
class Circles:
    """``cycle`` says of nodes on a cycle of dependencies which one: what is inside it does not count.

    ``rows`` are chains without what no dependency joins to others; ``triangles`` are the lowest by the
    node that is of another team; ``shortest`` is by knot.
    """

    cycle: Mapping[int, int] = field(default_factory=dict)
    rows: Mapping[Chain, Sequence[int]] = field(default_factory=dict)
    knots: Knots = field(default_factory=no_knots)
    triangles: Mapping[int, Circle] = field(default_factory=dict)
    shortest: Mapping[int, Circle] = field(default_factory=dict)

    def counts(self, one: int, other: int) -> bool:
        cycle = self.cycle.get(one)
        return cycle is None or cycle != self.cycle.get(other)


def circles_after(before: Circles, update: Update, bound: Knots) -> Circles:
    """``bound`` are those of all dependencies and whole chains: no knot here joins two of them."""
    cycle = {node: one for node, one in before.cycle.items() if node not in update.region}
    for members in components(range(len(update.near)), update.graph.dependents):
        if len(members) > 1:
            cycle |= dict.fromkeys((update.near[one] for one in members), update.near[min(members)])
    found = Circles(cycle)
    was = {arc for arc in arcs_of(update.before, update) if before.counts(*arc)}
    will = {arc for arc in arcs_of(update.after, update) if found.counts(*arc)}
    rows, knots = _rows_and_knots(before, found, update, (was, will), bound)
    triangles = {node: one for node, one in before.triangles.items() if node not in update.region}
    for node in update.near:
        if lowest := min(_triangles(update.after, found, node), default=None):
            triangles[node] = lowest
    found = Circles(cycle, rows, knots, triangles)
    fresh = {later for _, later in will - was} | _others(update)
    return Circles(cycle, rows, knots, triangles, _shortest(before, found, update, fresh))


def _others(update: Update) -> set[int]:
    """Nodes with another item than they had: they may stand elsewhere in a row, or be of another team."""
    was, will = update.before, update.after
    return {node for node in update.touched if not was.is_on(node) or was.items[node] != will.items[node]}


def _rows_and_knots(
    before: Circles, after: Circles, update: Update, arcs: tuple[set[Arc], set[Arc]], bound: Knots
) -> tuple[Mapping[Chain, Sequence[int]], Knots]:
    was, will = arcs
    otherwise = _ends(was) ^ _ends(will)
    chains = update.chains | {chain_of(item) for node in otherwise if (item := update.after.items[node])}
    fresh: dict[Chain, Sequence[int]] = {
        chain: [node for node in update.after.chains[chain] if _is_tied(update.after, after, node)]
        for chain in chains
    }
    old = successive(before.rows.get(chain, ()) for chain in chains)
    new = successive(fresh.values())
    added, removed = [*(will - was), *(new - old)], [*(was - will), *(old - new)]
    knots = knots_after(before.knots, len(update.after.items), added, removed, bound.of)
    return {**before.rows, **fresh}, knots


def _ends(arcs: Iterable[Arc]) -> set[int]:
    return {end for arc in arcs for end in arc}


def _is_tied(board: Board, circles: Circles, node: int) -> bool:
    return any(
        circles.counts(node, other) for others in (board.blockers, board.dependents) for other in others[node]
    )


def _triangles(board: Board, circles: Circles, node: int) -> Iterator[Circle]:
    """At least the lowest in which this node is the one of another team."""
    if not (board.blockers[node] and board.dependents[node]):
        return
    into = _by_chain(board, circles, node, board.blockers[node])
    out = _by_chain(board, circles, node, board.dependents[node])
    for chain in into.keys() & out.keys():
        for earlier, later in lowest_pairs(out[chain], into[chain]):
            yield tuple(from_lowest([earlier, later, board.item(node).id]))


def _by_chain(
    board: Board, circles: Circles, node: int, others: Iterable[int]
) -> dict[Chain, list[tuple[int, str]]]:
    """Places and ids of those of other teams, by place."""
    found: dict[Chain, list[tuple[int, str]]] = {}
    team = board.item(node).team
    for other in sorted(others, key=board.places.__getitem__):
        item = board.item(other)
        if item.team != team and circles.counts(node, other):
            found.setdefault(chain_of(item), []).append((board.places[other], item.id))
    return found


def _shortest(before: Circles, after: Circles, update: Update, fresh: set[int]) -> Mapping[int, Circle]:
    knots = after.knots
    found: dict[int, Circle] = {}
    for node, circle in after.triangles.items():
        knot = knots.of[node]
        found[knot] = min(found.get(knot, circle), circle)
    for knot, members in knots.members.items():
        if knot not in found and (lowest := _lowest(before, after, update.after, fresh, members)):
            found[knot] = lowest
    return found


def _lowest(before: Circles, after: Circles, board: Board, fresh: set[int], members: Sequence[int]) -> Circle:
    """Of a knot without triangles. Every circle that was none before passes through a ``fresh`` node.

    The others lay in knots of before, and none is shorter than the shortest of its knot, while that stands.
    """
    inside, starts = frozenset(members), fresh.intersection(members)
    was = {before.knots.of[node] for node in members if node < len(before.knots.of)}
    found = [before.shortest[knot] for knot in was & before.shortest.keys()]
    if len(starts) > _FEW or not all(_stands(board, after, circle, inside) for circle in found):
        return _searched(board, after, members)
    around = Around(board, after.rows, inside, after.counts)
    for start in starts:
        if nodes := around.on_shortest(start, min(map(len, found), default=inf)):
            found.append(_searched(board, after, nodes))
    return min(found, key=lambda circle: (len(circle), circle), default=())


def _stands(board: Board, circles: Circles, circle: Circle, inside: Collection[int]) -> bool:
    nodes = [board.number.get(one, 0) for one in circle]
    return all(node in inside for node in nodes) and _searched(board, circles, nodes) == circle


def _searched(board: Board, circles: Circles, members: Collection[int]) -> Circle:
    """Empty where all are of one team."""
    nodes = sorted(members, key=lambda node: board.item(node).id)
    items = [board.item(node) for node in nodes]
    if len({item.team for item in items}) == 1:
        return ()
    number = {node: place for place, node in enumerate(nodes)}
    row = {chain: place for place, chain in enumerate({chain_of(item) for item in items})}
    net = Net(
        teams=[item.team for item in items],
        before=[_numbered(circles, node, board.blockers[node], number) for node in nodes],
        after=[_numbered(circles, node, board.dependents[node], number) for node in nodes],
        row=[row[chain_of(item)] for item in items],
        place=[board.places[node] for node in nodes],
    )
    return tuple(items[one].id for one in Knot(net, range(len(nodes))).shortest_circle())


def _numbered(circles: Circles, node: int, others: Iterable[int], number: Mapping[int, int]) -> list[int]:
    return sorted(number[other] for other in others if other in number and circles.counts(node, other))
