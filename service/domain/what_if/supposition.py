"""What is supposed in the terms of a board, and parts of a board in those of a backlog. Pure."""

from collections.abc import Iterable, Mapping

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Edge
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.what_if.board import Board, Change
from service.domain.what_if.hypothesis import DECLARED, Pair, Supposed, altered


def change_of(board: Board, supposed: Supposed, known: Backlog) -> Change:
    """``known`` holds the items that open, which the board lacks, with their dependencies and goals."""
    items: dict[str, Item | None] = {}
    for one, values in supposed.values.items():
        item = board.get(one) or known.items.get(one)
        if item is not None:
            after = altered(item, values, known.plan.today)
            items[one] = after if after.is_open else None
    opening = {one for one, item in items.items() if item is not None and one not in board.number}
    return Change(
        items=items,
        goals={one: known.goals.get(one) for one in opening},
        added=_added(board, supposed, known, opening),
        removed=supposed.removed,
    )


def _added(
    board: Board, supposed: Supposed, known: Backlog, opening: Iterable[str]
) -> Mapping[Pair, tuple[str, ...]]:
    """Those that are supposed and not there yet; and those of what opens."""
    there = {(edge.blocker.id, edge.dependent.id): edge.origins for edge in known.edges}
    found: dict[Pair, tuple[str, ...]] = {
        pair: there.get(pair, DECLARED) for pair in supposed.added if not _has(board, pair)
    }
    fresh = set(opening)
    found |= {
        pair: origins
        for pair, origins in there.items()
        if not fresh.isdisjoint(pair) and pair not in supposed.removed
    }
    return found


def _has(board: Board, pair: Pair) -> bool:
    return (board.number.get(pair[0], 0), board.number.get(pair[1], 0)) in board.origins


def backlog_of(board: Board, ids: Iterable[str], plan: Plan) -> Backlog:
    """These items, and the dependencies between them."""
    nodes = {board.number[one] for one in ids}
    items = {node: board.item(node) for node in nodes}
    arcs = sorted(
        (items[node].id, items[other].id, board.origins[node, other])
        for node in nodes
        for other in board.dependents[node]
        if other in nodes
    )
    by_id = {item.id: item for item in items.values()}
    return Backlog(plan, by_id, [Edge(by_id[one], by_id[other], tuple(told)) for one, other, told in arcs])
