"""Moves lead from one order to the other, and no fewer would."""

from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.order.order import Order, overarching_order
from service.domain.what_if.moves import Move, moves
from tests.support.backlogs import item, make_backlog

Orders = tuple[list[str], list[str]]


@st.composite
def orders(draw: st.DrawFn) -> Orders:
    ids = st.sets(st.sampled_from("abcdefgh"), max_size=7)
    before, after = draw(ids), draw(ids)
    return draw(st.permutations(sorted(before))), draw(st.permutations(sorted(after)))


def order_of(ids: list[str]) -> Order:
    """Each is of a source of its own, and all are pinned."""
    items = [item(item_id, "online", source=item_id) for item_id in ids]
    return overarching_order(make_backlog(items, [], pins=ids))


def found(before: list[str], after: list[str]) -> list[Move]:
    return list(moves(order_of(before), order_of(after)))


@given(orders())
def test_they_lead_from_one_order_to_the_other(told: Orders) -> None:
    before, after = told
    moved = found(before, after)
    assert all(stood == (before.index(one) + 1 if one in before else None) for one, stood, _ in moved)
    elsewhere = {one for one, _, _ in moved}
    rebuilt = [one for one in before if one not in elsewhere]
    for one, _, stands in sorted((move for move in moved if move[2]), key=lambda move: move[2] or 0):
        rebuilt.insert((stands or 0) - 1, one)
    assert rebuilt == after


@given(orders())
def test_no_fewer_would(told: Orders) -> None:
    before, after = told
    stay = [one for one in after if one in before]
    most = max(
        size
        for size in range(len(stay) + 1)
        if any(_rises(before, chosen) for chosen in combinations(stay, size))
    )
    moved = [one for one, stood, stands in found(before, after) if stood and stands]
    assert len(moved) == len(stay) - most


def _rises(before: list[str], chosen: tuple[str, ...]) -> bool:
    return all(before.index(one) < before.index(other) for one, other in pairwise(chosen))
