"""A supposed change leads to the order, and to the forecasts, that its own backlog would have."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.domain.backlog import Backlog
from service.domain.board import Board
from service.domain.order import overarching_order
from service.domain.outlook import Horizon, Outlook, outlooks
from service.domain.reorder import (
    Move,
    backlog_after,
    makes_or_breaks_circles,
    moves,
    sequence_after,
    shift_of,
    touches_knots,
)
from service.domain.suppose import Supposed
from service.rules import network_of
from service.rules.order_deadlock import Settings, find
from tests.support.backlogs import TODAY, backlogs, item, make_backlog

_DAYS = st.none() | st.integers(-40, 120).map(lambda n: TODAY + timedelta(n))
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "due": _DAYS,
    "start": _DAYS,
    "priority": st.none() | st.integers(1, 5),
    "state": st.sampled_from(["todo", "doing", "done", "dropped"]),
}


@st.composite
def supposed_changes(draw: st.DrawFn) -> tuple[Backlog, Supposed]:
    backlog = draw(backlogs())
    ids = st.sampled_from(sorted(backlog.items))
    values = draw(st.dictionaries(ids, st.fixed_dictionaries({}, optional=_VALUES), max_size=2))
    pairs = [(edge.blocker.id, edge.dependent.id) for edge in backlog.edges]
    removed = draw(st.sets(st.sampled_from(pairs), max_size=2)) if pairs else set()
    drawn = draw(st.sets(st.tuples(ids, ids), max_size=2))
    added = {pair for pair in drawn if pair[0] != pair[1]} - removed
    return backlog, Supposed(values, frozenset(added), frozenset(removed))


@given(backlogs())
def test_a_board_holds_the_overarching_order(backlog: Backlog) -> None:
    assert list(Board(backlog).sequence) == list(overarching_order(backlog).sequence)


@given(supposed_changes())
def test_the_order_with_a_change_is_that_of_the_changed_backlog(told: tuple[Backlog, Supposed]) -> None:
    backlog, supposed = told
    expected = overarching_order(backlog_after(backlog, supposed)).sequence
    assert list(sequence_after(Board(backlog), supposed)) == list(expected)


@given(supposed_changes())
def test_moves_name_places_of_both_orders_and_all_others_stand_as_they_stood(
    told: tuple[Backlog, Supposed],
) -> None:
    backlog, supposed = told
    before = list(overarching_order(backlog).sequence)
    after = list(overarching_order(backlog_after(backlog, supposed)).sequence)
    found = moves(Board(backlog), supposed)
    for move in found:
        assert move.before == (before.index(move.item) + 1 if move.item in before else None)
        assert move.after == (after.index(move.item) + 1 if move.item in after else None)
    moved = {move.item for move in found}
    assert [one for one in before if one not in moved] == [one for one in after if one not in moved]


@given(supposed_changes())
def test_where_no_knot_is_touched_the_deadlocks_stay(told: tuple[Backlog, Supposed]) -> None:
    backlog, supposed = told
    board = Board(backlog)
    shift = shift_of(board, supposed)
    if shift is None or touches_knots(board, shift):
        return
    assert _deadlocks(backlog) == _deadlocks(backlog_after(backlog, supposed))


def _deadlocks(backlog: Backlog) -> set[str]:
    return {one.id for one in find(network_of(backlog.edges), backlog.plan, Settings())}


@given(supposed_changes())
def test_the_outlook_is_that_of_the_changed_backlog(told: tuple[Backlog, Supposed]) -> None:
    backlog, supposed = told
    ids = sorted(backlog.items)
    items = {
        one: found._replace(kind="epic" if number % 3 == 0 else "story", parent=ids[number // 3 * 3])
        for number, (one, found) in enumerate(sorted(backlog.items.items()))
    }
    backlog = make_backlog(items.values(), [(edge[0].id, edge[1].id) for edge in backlog.edges])
    horizon = Horizon(Board(backlog))
    shift = shift_of(horizon.board, supposed)
    quick = outlooks(horizon, supposed, shift)
    slow = outlooks(horizon, supposed, None)
    still_open = backlog_after(backlog, supposed).items
    assert [one for one in quick if still_open[one.epic].is_open] == [
        one for one in slow if still_open[one.epic].is_open
    ]


def test_an_item_that_jumps_ahead_is_the_only_one_that_moved() -> None:
    backlog = make_backlog([item(f"i{n}", "online", source=f"s{n}", priority=3) for n in range(6)], [])
    assert moves(Board(backlog), Supposed({"i5": {"priority": 1}})) == [Move("i5", 6, 1)]


def test_among_equal_ranks_an_urgent_item_goes_before_the_others() -> None:
    same = [item(f"i{n}", "online", rank="a", created=float(n)) for n in range(3)]
    backlog = make_backlog(same, [])
    assert list(sequence_after(Board(backlog), Supposed({"i2": {"priority": 1}}))) == ["i2", "i0", "i1"]


def test_a_change_of_dates_needs_no_new_constraints() -> None:
    backlog = make_backlog([item("a", "online"), item("b", "stores")], [("a", "b")])
    board = Board(backlog)
    shift = shift_of(board, Supposed({"a": {"due": TODAY}}))
    assert shift is not None
    assert not makes_or_breaks_circles(board, shift)


def test_an_epic_is_ready_when_the_last_of_what_is_under_it_is() -> None:
    epic = item("epic", "online", kind="epic", due=date(2026, 5, 1))
    story = item("story", "online", parent="epic", due=date(2026, 4, 1))
    blocker = item("blocker", "stores", due=date(2026, 4, 20))
    backlog = make_backlog([epic, story, blocker], [("blocker", "story")])
    horizon = Horizon(Board(backlog))
    supposed = Supposed({"blocker": {"due": date(2026, 6, 1)}})
    found = outlooks(horizon, supposed, shift_of(horizon.board, supposed))
    assert found == [Outlook("epic", date(2026, 5, 1), date(2026, 6, 1))]
