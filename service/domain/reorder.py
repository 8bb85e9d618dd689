"""The overarching order with a supposed change, found from the one there is. Pure.

A change rewrites the wishes of all that dependencies join to it, and the constraints next to it; what
closes stays as a gate that its team's order runs through. Where a change can make or break a circle (of
dependencies, or of those and the teams' orders), moves an item within its chain or takes in one that is
closed now, the order is made anew from the beginning: the same answer, later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from service.domain.backlog import Backlog
from service.domain.board import Board, placed, wanted
from service.domain.chain import chains
from service.domain.constraints import Following
from service.domain.edge import Edge
from service.domain.graph import graph_of
from service.domain.item import OPEN, Item
from service.domain.sparse import GAP, sparse_keys
from service.domain.suppose import Supposed, altered, altered_edges, altered_items

Arc = tuple[int, int]


class Move(NamedTuple):
    """Places from 1; None where it is not in the order, being closed."""

    item: str
    before: int | None
    after: int | None


class Shift(NamedTuple):
    """A change in the terms of a board: new versions of nodes, those that close, and open arcs."""

    items: Mapping[int, Item]
    closing: frozenset[int]
    added: frozenset[Arc]
    removed: frozenset[Arc]

    @property
    def nodes(self) -> set[int]:
        return {*self.items, *(end for arc in self.added | self.removed for end in arc)}


def shift_of(board: Board, supposed: Supposed) -> Shift | None:
    """None when it takes in an item that is not on the board: one that opens."""
    known = board.backlog.items
    today = board.backlog.plan.today
    items: dict[int, Item] = {}
    for one, values in supposed.values.items():
        node = board.number.get(one)
        if node is None:
            if values.get("state") in OPEN:
                return None
            continue
        items[node] = altered(known[one], values, today)
    closing = frozenset(node for node, item in items.items() if not item.is_open)
    removed = {arc for arc in _arcs(board, supposed.removed) if arc[1] in board.graph.dependents[arc[0]]}
    for node in closing:
        removed |= {(node, other) for other in board.graph.dependents[node]}
        removed |= {(other, node) for other in board.graph.blockers[node]}
    added = {
        arc
        for arc in _arcs(board, supposed.added)
        if arc[1] not in board.graph.dependents[arc[0]] and closing.isdisjoint(arc)
    }
    return Shift(items, closing, frozenset(added), frozenset(removed))


def _arcs(board: Board, pairs: Iterable[tuple[str, str]]) -> Iterator[Arc]:
    for blocker, dependent in pairs:
        if blocker in board.number and dependent in board.number:
            yield board.number[blocker], board.number[dependent]


def sequence_after(board: Board, supposed: Supposed, known: Backlog | None = None) -> Sequence[str]:
    """``known`` holds the items that open too, where the board's own backlog lacks them."""
    shift = shift_of(board, supposed)
    if shift is None or makes_or_breaks_circles(board, shift):
        return Board(backlog_after(known or board.backlog, supposed)).sequence
    return [board.graph.items[node].id for node in _placed(board, shift)]


def moves(board: Board, supposed: Supposed, known: Backlog | None = None) -> list[Move]:
    """What stands elsewhere among the others than it did, and what enters or leaves; by place.

    The longest run of items that still stand in order has not moved.
    """
    after = sequence_after(board, supposed, known)
    first, last = _differing(board.sequence, after)
    before = {one: board.places[one] for one in board.sequence[first : len(board.sequence) - last]}
    within = after[first : len(after) - last]
    same = [one for one in within if one in before]
    elsewhere = sparse_keys(same, {one: GAP * before[one] for one in same})
    found = [
        Move(one, before[one] + 1 if one in before else None, place)
        for place, one in enumerate(within, first + 1)
        if one in elsewhere or one not in before
    ]
    leaving = before.keys() - set(within)
    return found + [Move(one, before[one] + 1, None) for one in sorted(leaving, key=before.__getitem__)]


def _differing(before: Sequence[str], after: Sequence[str]) -> tuple[int, int]:
    """How many they have in common at the front, and then at the back."""
    shorter = min(len(before), len(after))
    first = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    left = shorter - first
    last = next((n for n in range(left) if before[-1 - n] != after[-1 - n]), left)
    return first, last


def backlog_after(backlog: Backlog, supposed: Supposed) -> Backlog:
    items = altered_items(backlog.items, supposed, backlog.plan.today)
    return replace(backlog, items=items, edges=altered_edges(backlog.edges, items, supposed))


def joined(board: Board, shift: Shift) -> set[int]:
    """All that dependencies join to what it touches, before or after."""
    more: dict[int, list[int]] = {}
    for one, other in shift.added:
        more.setdefault(one, []).append(other)
        more.setdefault(other, []).append(one)
    blockers, dependents = board.graph.blockers, board.graph.dependents
    return reached(shift.nodes, lambda node: (*blockers[node], *dependents[node], *more.get(node, ())))


def reached(start: Iterable[int], following: Callable[[int], Iterable[int]]) -> set[int]:
    found = set(start)
    pending = list(found)
    while pending:
        for other in following(pending.pop()):
            if other not in found:
                found.add(other)
                pending.append(other)
    return found


def makes_or_breaks_circles(board: Board, shift: Shift) -> bool:
    """Or moves an item within its chain: whether constraints elsewhere may be others."""
    return (
        not board.on_cycles.isdisjoint(shift.nodes)
        or _breaks_a_knot(board, shift)
        or _closes_a_circle(board.graph.dependents, shift)
        or _closes_a_circle(board.both, _between_knots(board, shift))
        or _reorders_a_chain(board, shift)
    )


def touches_knots(board: Board, shift: Shift) -> bool:
    """Whether the circles of dependencies and teams' orders may be others than they are."""
    return (
        any(board.knot_sizes[board.knots[end]] > 1 for arc in shift.added | shift.removed for end in arc)
        or any(board.knot_sizes[board.knots[node]] > 1 for node in shift.closing)
        or _closes_a_circle(board.both, shift)
        or _reorders_a_chain(board, shift)
    )


def _breaks_a_knot(board: Board, shift: Shift) -> bool:
    return any(board.knots[one] == board.knots[other] for one, other in shift.removed) or any(
        board.knot_sizes[board.knots[node]] > 1 for node in shift.closing
    )


def _between_knots(board: Board, shift: Shift) -> Shift:
    """Without the arcs within a knot: what is joined both ways stays so."""
    added = {arc for arc in shift.added if board.knots[arc[0]] != board.knots[arc[1]]}
    return shift._replace(added=frozenset(added))


def _closes_a_circle(following: Sequence[Sequence[int]], shift: Shift) -> bool:
    """Whether an added arc leads back to where it comes from, over what ``following`` has and all added."""
    if not shift.added:
        return False
    more: dict[int, list[int]] = {}
    for one, other in shift.added:
        more.setdefault(one, []).append(other)
    for one in {arc[0] for arc in shift.added}:
        if one in reached(more[one], lambda node: (*following[node], *more.get(node, ()))):
            return True
    return False


def _reorders_a_chain(board: Board, shift: Shift) -> bool:
    """Whether one of another priority would stand elsewhere than between its neighbours."""
    for node, item in shift.items.items():
        if item.priority == board.graph.items[node].priority:
            continue
        chain, place = board.chains[board.chain_of[node]], board.chain_places[node]
        window = [_item(board, shift, near) for near in chain[max(0, place - 1) : place + 2]]
        if chains(window) != [list(range(len(window)))]:
            return True
    return False


def _placed(board: Board, shift: Shift) -> list[int]:
    following = _following(board, shift)
    waiting = list(board.waiting)
    for _, later in shift.added:
        waiting[later] += 1
    for _, later in shift.removed:
        waiting[later] -= 1
    size = len(board.graph.items)
    changed = _wishes(board, shift, following)
    kept = [wish for wish in board.ranked if wish % size not in changed]
    kept.extend(changed.values())
    by_rank = [wish % size for wish in sorted(kept)]
    return placed(following, waiting, by_rank, shift.closing)


def _following(board: Board, shift: Shift) -> Following:
    following = list(board.following)
    for one in {arc[0] for arc in shift.added | shift.removed}:
        following[one] = list(following[one])
    for one, other in shift.added:
        following[one].append(other)
    for one, other in shift.removed:
        following[one].remove(other)
    return following


def _wishes(board: Board, shift: Shift, following: Following) -> dict[int, int]:
    """Of the nodes that may have another wish now."""
    urgency: dict[int, int | None] = {}
    days: dict[int, int | None] = {}
    nodes = sorted(joined(board, shift) - shift.closing)
    graph = graph_of([_item(board, shift, node) for node in nodes], edges_after(board, shift, nodes))
    found = wanted(graph, board.backlog)
    for place, node in enumerate(nodes):  # both are in the order of ids
        urgency[node], days[node] = found.urgency[place], found.days[place]
    chain_places = _chain_places(board, shift)
    pinned_for = board.pinned_for
    if board.backlog.pins and (shift.added or shift.removed or shift.closing):
        pinned_for = board.needed(following, shift.closing)
    concerned: Iterable[int] = {*nodes, *chain_places, *shift.closing}
    if pinned_for != board.pinned_for:
        concerned = range(len(board.graph.items))
    return {
        node: board.wish(
            node,
            urgency.get(node, board.wanted.urgency[node]),
            days.get(node, board.wanted.days[node]),
            chain_places.get(node, board.chain_places[node]),
            pinned_for,
        )
        for node in concerned
    }


def _item(board: Board, shift: Shift, node: int) -> Item:
    return shift.items.get(node, board.graph.items[node])


def edges_after(board: Board, shift: Shift, nodes: Iterable[int]) -> list[Edge]:
    """Between ``nodes``, which hold all that open dependencies join to them but what closes."""
    arcs = {(node, other) for node in nodes for other in board.graph.dependents[node]}
    arcs = (arcs | shift.added) - shift.removed
    return [Edge(_item(board, shift, one), _item(board, shift, other), ()) for one, other in sorted(arcs)]


def _chain_places(board: Board, shift: Shift) -> dict[int, int]:
    """Of the chains that something leaves."""
    found: dict[int, int] = {}
    for number in {board.chain_of[node] for node in shift.closing}:
        staying = (node for node in board.chains[number] if node not in shift.closing)
        found.update({node: place for place, node in enumerate(staying)})
    return found
