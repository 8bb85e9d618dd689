"""``order-deadlock`` once more, from the rulebook's sentence alone: over all pairs of all chains."""

from collections.abc import Iterator
from itertools import combinations, permutations

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import dependency_id
from service.domain.plan.item import Item
from tests.service.rules.naive_base import Expected, Found, arrows, is_on, is_open, reachable

Pairs = set[tuple[str, str]]


def deadlocks(backlog: Backlog) -> Found:
    if not is_on(backlog, "order-deadlock"):
        return {}
    needs = arrows(backlog)
    needs = {(before, after) for before, after in needs if before not in reachable(needs, after)}
    orders = _orders(backlog)
    after = {one: reachable(needs | orders, one) for one in backlog.items}
    knots = {frozenset(other for other in after[one] if one in after[other]) for one in backlog.items}
    found: Found = {}
    for knot in knots:
        if len({backlog.items[one].team for one in knot}) > 1:
            circle = min(_shortest(backlog, needs | orders, knot))
            steps = {(circle[place - 1], one) for place, one in enumerate(circle)}
            found["order-deadlock", tuple(sorted(circle))] = Expected(
                severity="medium",
                facts={"circle": list(circle)},
                roles={(one, "member") for one in circle},
                edges={dependency_id(*pair) for pair in steps - orders},
            )
    return found


def _orders(backlog: Backlog) -> Pairs:
    found: Pairs = set()
    for one, other in permutations([item for item in backlog.items.values() if is_open(item)], 2):
        is_one_chain = (one.team, one.source) == (other.team, other.source)
        if is_one_chain and _place(one) < _place(other):
            found.add((one.id, other.id))
    return found


def _place(item: Item) -> tuple[object, ...]:
    """Ranked ones first; the others by priority, then oldest, then id."""
    if item.rank is not None:
        return (0, item.rank, item.priority or 3, item.created, item.id)
    return (1, "", item.priority or 3, item.created, item.id)


def _shortest(backlog: Backlog, pairs: Pairs, knot: frozenset[str]) -> list[tuple[str, ...]]:
    for size in range(2, len(knot) + 1):
        circles = list(_circles(backlog, pairs, knot, size))
        if circles:
            return circles
    raise AssertionError("a component of two teams has such a circle")


def _circles(backlog: Backlog, pairs: Pairs, knot: frozenset[str], size: int) -> Iterator[tuple[str, ...]]:
    for some in combinations(sorted(knot), size):
        if len({backlog.items[one].team for one in some}) > 1:
            for way in permutations(some):
                if way[0] == min(way) and all((way[n - 1], one) in pairs for n, one in enumerate(way)):
                    yield way
