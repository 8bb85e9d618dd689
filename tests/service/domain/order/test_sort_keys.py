"""Sort keys with room between them: they rise, and few of them change."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.order.sort_keys import GAP, sparse_keys

keys = st.none() | st.integers(-(2**62) + 1, 2**62 - 1) | st.integers(-3, 12)


@given(st.lists(keys, max_size=60))
def test_they_rise_whatever_was_there(old: list[int | None]) -> None:
    new = sparse_keys(old)
    assert len(new) == len(old)
    assert all(one < other for one, other in pairwise(new))
    assert all(-(2**63) < one < 2**63 for one in new)


@given(st.sets(st.integers(-(2**62) + 1, 2**62 - 1), max_size=40))
def test_what_stands_in_order_keeps_its_keys(old: set[int]) -> None:
    assert list(sparse_keys(sorted(old))) == sorted(old)


@given(st.integers(2, 60), st.data())
def test_one_that_moves_is_the_only_one_rewritten(count: int, data: st.DataObject) -> None:
    old = list(sparse_keys([None] * count))
    moved = old.pop(data.draw(st.integers(0, count - 1)))
    old.insert(data.draw(st.integers(0, count - 1)), moved)
    assert sum(one != other for one, other in zip(old, sparse_keys(old), strict=True)) <= 1


@given(st.integers(0, 40), st.integers(0, 40))
def test_new_ones_go_between_without_moving_others(before: int, after: int) -> None:
    there = list(sparse_keys([None] * (before + after)))
    old = [*there[:before], None, None, *there[before:]]
    new = sparse_keys(old)
    assert [*new[:before], *new[before + 2 :]] == there


def test_where_there_is_no_room_only_neighbours_move_over() -> None:
    old: list[int | None] = [GAP * place for place in range(100)]
    old[50:50] = [None]
    old[51] = GAP * 49 + 1
    new = sparse_keys(old)
    assert sum(one != other for one, other in zip(old, new, strict=True)) <= 4
