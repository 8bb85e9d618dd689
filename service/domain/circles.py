"""Which circles of dependencies and team orders there are, found anew only where a change touches them. Pure.

They are those of ``deadlock.py``: of each knot its shortest. A circle of three has an item that waits for
one of another team and is waited for by an earlier one of that team's chain: it is found from that item's
own dependencies. Only a knot without any is searched whole.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.binding import arcs_of
from service.domain.board import Arc, Board, Chain, chain_of
from service.domain.graph import components
from service.domain.knot import Knot, Net, from_lowest, lowest_pairs
from service.domain.knots import Knots, knots_after, no_knots, successive
from service.domain.update import Update

Circle = tuple[str, ...]
"""Item ids, from the lowest."""


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


def circles_after(before: Circles, update: Update) -> Circles:
    cycle = {node: one for node, one in before.cycle.items() if node not in update.region}
    for members in components(range(len(update.near)), update.graph.dependents):
        if len(members) > 1:
            cycle |= dict.fromkeys((update.near[one] for one in members), update.near[min(members)])
    found = Circles(cycle)
    rows, knots = _rows_and_knots(before, found, update)
    triangles = {node: one for node, one in before.triangles.items() if node not in update.region}
    for node in update.near:
        if lowest := min(_triangles(update.after, found, node), default=None):
            triangles[node] = lowest
    found = Circles(cycle, rows, knots, triangles)
    return Circles(cycle, rows, knots, triangles, _shortest(before, found, update))


def _rows_and_knots(
    before: Circles, after: Circles, update: Update
) -> tuple[Mapping[Chain, Sequence[int]], Knots]:
    was = {arc for arc in arcs_of(update.before, update) if before.counts(*arc)}
    will = {arc for arc in arcs_of(update.after, update) if after.counts(*arc)}
    otherwise = _ends(was) ^ _ends(will)
    chains = update.chains | {chain_of(item) for node in otherwise if (item := update.after.items[node])}
    fresh: dict[Chain, Sequence[int]] = {
        chain: [node for node in update.after.chains[chain] if _is_tied(update.after, after, node)]
        for chain in chains
    }
    old = successive(before.rows.get(chain, ()) for chain in chains)
    new = successive(fresh.values())
    added, removed = [*(will - was), *(new - old)], [*(was - will), *(old - new)]
    knots = knots_after(before.knots, len(update.after.items), added, removed)
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


def _shortest(before: Circles, after: Circles, update: Update) -> Mapping[int, Circle]:
    knots = after.knots
    found: dict[int, Circle] = {}
    for node, circle in after.triangles.items():
        knot = knots.of[node]
        found[knot] = min(found.get(knot, circle), circle)
    for knot, members in knots.members.items():
        if knot in found:
            continue
        if _is_untouched(before.knots.members.get(knot), members, update):
            circle = before.shortest.get(knot, ())
        else:
            circle = _searched(update.after, after, members)
        if circle:
            found[knot] = circle
    return found


def _is_untouched(was: Sequence[int] | None, members: Sequence[int], update: Update) -> bool:
    if was is None or (was is not members and was != members):
        return False
    return update.region.isdisjoint(members) and not _stand_otherwise(update, members)


def _stand_otherwise(update: Update, members: Iterable[int]) -> bool:
    return bool(update.chains) and any(chain_of(update.after.item(node)) in update.chains for node in members)


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
