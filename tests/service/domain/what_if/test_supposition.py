"""A supposed change leads to the order, and to the forecasts, that its own backlog would have."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.order.order import overarching_order
from service.domain.plan.dependency import Edge
from service.domain.what_if.epic_forecast import Outlook
from service.domain.what_if.horizon import Difference, Horizon, difference, horizon_of, moved
from service.domain.what_if.hypothesis import Supposed, backlog_after
from service.domain.what_if.moves import Place
from service.domain.what_if.supposition import change_of
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


def foreseen(backlog: Backlog, supposed: Supposed) -> Difference:
    return difference(*horizons(backlog, supposed))


def moves(backlog: Backlog, supposed: Supposed) -> list[tuple[str, Place, Place]]:
    before, after = horizons(backlog, supposed)
    items = [*before.board.items, *after.board.items[len(before.board.items) :]]
    return [(item.id, stood, stands) for one, stood, stands in moved(before, after) if (item := items[one])]


def horizons(backlog: Backlog, supposed: Supposed) -> tuple[Horizon, Horizon]:
    horizon = horizon_of(backlog)
    return horizon, horizon.after(change_of(horizon.board, supposed, backlog))


@given(supposed_changes())
def test_the_order_with_a_change_is_that_of_the_changed_backlog(told: tuple[Backlog, Supposed]) -> None:
    backlog, supposed = told
    _, later = horizons(backlog, supposed)
    expected = overarching_order(backlog_after(backlog, supposed)).sequence
    assert [later.board.item(node).id for node in later.standing.nodes] == list(expected)


@given(supposed_changes())
def test_moves_name_places_of_both_orders_and_all_others_stand_as_they_stood(
    told: tuple[Backlog, Supposed],
) -> None:
    backlog, supposed = told
    before = list(overarching_order(backlog).sequence)
    after = list(overarching_order(backlog_after(backlog, supposed)).sequence)
    found = moves(backlog, supposed)
    for one, stood, stands in found:
        assert stood == (before.index(one) + 1 if one in before else None)
        assert stands == (after.index(one) + 1 if one in after else None)
    elsewhere = {one for one, _, _ in found}
    assert [one for one in before if one not in elsewhere] == [one for one in after if one not in elsewhere]


@given(supposed_changes())
def test_circles_that_open_and_close_are_the_deadlocks_that_do(told: tuple[Backlog, Supposed]) -> None:
    backlog, supposed = told
    found = foreseen(backlog, supposed)
    was, will = _deadlocks(backlog), _deadlocks(backlog_after(backlog, supposed))
    assert {tuple(sorted(one)) for one in found.opened} == will - was
    assert {tuple(sorted(one)) for one in found.resolved} == was - will


def _deadlocks(backlog: Backlog) -> set[tuple[str, ...]]:
    return {one.identity for one in find(network_of(backlog.edges), backlog.plan, Settings())}


@given(supposed_changes())
def test_the_outlook_is_that_of_the_changed_backlog(told: tuple[Backlog, Supposed]) -> None:
    backlog, supposed = told
    ids = sorted(backlog.items)
    items = {
        one: found._replace(kind="epic" if number % 3 == 0 else "story", parent=ids[number // 3 * 3])
        for number, (one, found) in enumerate(sorted(backlog.items.items()))
    }
    edges = [Edge(items[edge[0].id], items[edge[1].id], edge[2]) for edge in backlog.edges]
    backlog = make_backlog(items.values(), [(edge[0].id, edge[1].id) for edge in edges])
    was, will = _forecasts(backlog), _forecasts(backlog_after(backlog, supposed))
    expected = {one: (was.get(one), will.get(one)) for one in was.keys() | will.keys()}
    found = {one.epic: (one.before, one.after) for one in foreseen(backlog, supposed).outlooks}
    assert found == {one: days for one, days in expected.items() if days[0] != days[1]}


def _forecasts(backlog: Backlog) -> dict[str, date | None]:
    """Of open epics: the latest of its own and its open children's; all children are an epic's here."""
    horizon = horizon_of(backlog)
    days = {one: horizon.values.ready[node] for one, node in horizon.board.number.items()}
    found: dict[str, date | None] = {}
    for one in (epic.id for epic in backlog.items.values() if epic.kind == "epic" and epic.is_open):
        under = [days[child.id] for child in backlog.items.values() if child.is_open and child.parent == one]
        latest = max((day for day in (days[one], *under) if day is not None), default=None)
        found[one] = None if latest is None else date.fromordinal(latest)
    return found


def test_an_item_that_jumps_ahead_is_the_only_one_that_moved() -> None:
    backlog = make_backlog([item(f"i{n}", "online", source=f"s{n}", priority=3) for n in range(6)], [])
    assert moves(backlog, Supposed({"i5": {"priority": 1}})) == [("i5", 6, 1)]


def test_a_stretch_that_stays_together_is_not_what_moved() -> None:
    items = [item(f"i{n}", "online", source=f"s{n}", priority=3) for n in range(6)]
    supposed = Supposed({"i0": {"priority": 5}, "i1": {"priority": 4}})
    assert moves(make_backlog(items, []), supposed) == [("i1", 2, 5), ("i0", 1, 6)]


def test_what_closes_leaves_the_order() -> None:
    backlog = make_backlog([item(f"i{n}", "online", source=f"s{n}") for n in range(3)], [])
    assert moves(backlog, Supposed({"i1": {"state": "done"}})) == [("i1", 2, None)]


def test_among_equal_ranks_an_urgent_item_goes_before_the_others() -> None:
    same = [item(f"i{n}", "online", rank="a", created=float(n)) for n in range(3)]
    assert moves(make_backlog(same, []), Supposed({"i2": {"priority": 1}})) == [("i2", 3, 1)]


def test_an_epic_is_ready_when_the_last_of_what_is_under_it_is() -> None:
    epic = item("epic", "online", kind="epic", due=date(2026, 5, 1))
    story = item("story", "online", parent="epic", due=date(2026, 4, 1))
    blocker = item("blocker", "stores", due=date(2026, 4, 20))
    backlog = make_backlog([epic, story, blocker], [("blocker", "story")])
    found = foreseen(backlog, Supposed({"blocker": {"due": date(2026, 6, 1)}})).outlooks
    assert found == [Outlook("epic", date(2026, 5, 1), date(2026, 6, 1))]


def test_an_epic_whose_forecast_stays_is_not_told_of() -> None:
    epic = item("epic", "online", kind="epic", due=date(2026, 5, 1))
    story = item("story", "online", parent="epic", due=date(2026, 4, 1))
    found = foreseen(make_backlog([epic, story], []), Supposed({"story": {"due": date(2026, 4, 9)}}))
    assert not found.outlooks
