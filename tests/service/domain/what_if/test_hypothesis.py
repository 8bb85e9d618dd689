"""Supposed changes lead to the order, deadlocks and forecasts that their own backlog would have."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.order.order import overarching_order
from service.domain.what_if.epic_forecast import EpicForecast, changed_forecasts
from service.domain.what_if.hypothesis import (
    AddDependency,
    Hypothesis,
    ImpossibleChangesError,
    Problem,
    RemoveDependency,
    SetValues,
    backlog_after,
    suppose,
)
from service.domain.what_if.moves import Move, moves
from service.domain.what_if.open_plan import OpenPlan, change_of, plan_after
from tests.service.domain.what_if.test_open_plan import check_like_the_full_analysis, deadlocked
from tests.support.backlogs import TODAY, backlogs, item, make_backlog
from tests.support.plans import open_plan

_DAYS = st.none() | st.integers(-40, 120).map(lambda n: TODAY + timedelta(n))
_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "due": _DAYS,
    "start": _DAYS,
    "priority": st.none() | st.integers(1, 5),
    "state": st.sampled_from(["todo", "doing", "done", "dropped"]),
}


@st.composite
def hypotheses(draw: st.DrawFn) -> tuple[Backlog, Hypothesis]:
    backlog = draw(backlogs())
    ids = st.sampled_from(sorted(backlog.items))
    values = draw(st.dictionaries(ids, st.fixed_dictionaries({}, optional=_VALUES), max_size=2))
    pairs = [(edge.blocker.id, edge.dependent.id) for edge in backlog.edges]
    removed = draw(st.sets(st.sampled_from(pairs), max_size=2)) if pairs else set()
    drawn = draw(st.sets(st.tuples(ids, ids), max_size=2))
    added = {pair for pair in drawn if pair[0] != pair[1]} - removed
    return backlog, Hypothesis(values, frozenset(added), frozenset(removed))


def plans(backlog: Backlog, hypothesis: Hypothesis) -> tuple[OpenPlan, OpenPlan]:
    plan = open_plan(backlog)
    return plan, plan_after(plan, change_of(plan, hypothesis, backlog_after(backlog, hypothesis)))


def moved(backlog: Backlog, values: Mapping[str, Mapping[str, Any]]) -> list[Move]:
    before, after = plans(backlog, Hypothesis(values))
    return list(moves(before.order, after.order))


def forecast(backlog: Backlog, values: Mapping[str, Mapping[str, Any]]) -> list[EpicForecast]:
    return list(changed_forecasts(*plans(backlog, Hypothesis(values))))


@given(hypotheses())
def test_the_plan_with_changes_is_that_of_the_changed_backlog(drawn: tuple[Backlog, Hypothesis]) -> None:
    backlog, hypothesis = drawn
    check_like_the_full_analysis(plans(backlog, hypothesis)[1], backlog_after(backlog, hypothesis))


@given(hypotheses())
def test_moves_name_positions_of_both_orders_and_all_others_stand_as_they_stood(
    drawn: tuple[Backlog, Hypothesis],
) -> None:
    backlog, hypothesis = drawn
    before = list(overarching_order(backlog).sequence)
    after = list(overarching_order(backlog_after(backlog, hypothesis)).sequence)
    plan_before, plan = plans(backlog, hypothesis)
    found = list(moves(plan_before.order, plan.order))
    for move in found:
        assert move.before == (before.index(move.item) + 1 if move.item in before else None)
        assert move.after == (after.index(move.item) + 1 if move.item in after else None)
    elsewhere = {move.item for move in found}
    assert [one for one in before if one not in elsewhere] == [one for one in after if one not in elsewhere]


@given(hypotheses())
def test_deadlocks_that_open_and_close_are_those_of_the_two_backlogs(
    drawn: tuple[Backlog, Hypothesis],
) -> None:
    backlog, hypothesis = drawn
    before, after = plans(backlog, hypothesis)
    was, will = deadlocked(backlog), deadlocked(backlog_after(backlog, hypothesis))
    assert set(after.circles).difference(before.circles) == will - was
    assert set(before.circles).difference(after.circles) == was - will


@given(hypotheses())
def test_the_forecasts_of_epics_are_those_of_the_two_backlogs(drawn: tuple[Backlog, Hypothesis]) -> None:
    backlog, hypothesis = drawn
    ids = sorted(backlog.items)
    items = [
        backlog.items[item_id]._replace(
            kind="epic" if number % 3 == 0 else "story", parent=ids[number // 3 * 3]
        )
        for number, item_id in enumerate(ids)
    ]
    backlog = make_backlog(items, [(edge[0].id, edge[1].id) for edge in backlog.edges])
    was, will = _forecasts(backlog), _forecasts(backlog_after(backlog, hypothesis))
    expected = {epic: (was.get(epic), will.get(epic)) for epic in was.keys() | will.keys()}
    found = {one.epic: (one.before, one.after) for one in changed_forecasts(*plans(backlog, hypothesis))}
    assert found == {epic: days for epic, days in expected.items() if days[0] != days[1]}


def _forecasts(backlog: Backlog) -> dict[str, date | None]:
    """Of open epics: the latest of its own and its open children's; all children are an epic's here."""
    plan = open_plan(backlog)
    days = {
        item_id: date.fromordinal(day) if day < date.max.toordinal() else None
        for item_id, day in zip(plan.order.numbering.ids, plan.ready.tolist(), strict=True)
    }
    found: dict[str, date | None] = {}
    for epic in (one.id for one in plan.items.values() if one.kind == "epic"):
        under = [days[child.id] for child in plan.items.values() if child.parent == epic]
        found[epic] = max((day for day in (days[epic], *under) if day is not None), default=None)
    return found


def test_an_item_that_jumps_ahead_is_the_only_one_that_moved() -> None:
    backlog = make_backlog([item(f"i{n}", "online", source=f"s{n}", priority=3) for n in range(6)], [])
    assert moved(backlog, {"i5": {"priority": 1}}) == [Move("i5", 6, 1)]


def test_a_stretch_that_stays_together_is_not_what_moved() -> None:
    items = [item(f"i{n}", "online", source=f"s{n}", priority=3) for n in range(6)]
    values = {"i0": {"priority": 5}, "i1": {"priority": 4}}
    assert moved(make_backlog(items, []), values) == [Move("i1", 2, 5), Move("i0", 1, 6)]


def test_what_closes_leaves_the_order() -> None:
    backlog = make_backlog([item(f"i{n}", "online", source=f"s{n}") for n in range(3)], [])
    assert moved(backlog, {"i1": {"state": "done"}}) == [Move("i1", 2, None)]


def test_what_opens_enters_it() -> None:
    items = [item("a", "online", rank="1"), item("b", "online", rank="2", state="done")]
    values = {"a": {"state": "done"}, "b": {"state": "todo"}}
    assert moved(make_backlog(items, []), values) == [Move("b", None, 1), Move("a", 1, None)]


def test_among_equal_ranks_an_urgent_item_goes_before_the_others() -> None:
    same = [item(f"i{n}", "online", rank="a", created=float(n)) for n in range(3)]
    assert moved(make_backlog(same, []), {"i2": {"priority": 1}}) == [Move("i2", 3, 1)]


def test_an_epic_is_ready_when_the_last_of_what_is_under_it_is() -> None:
    epic = item("epic", "online", kind="epic", due=date(2026, 5, 1))
    story = item("story", "online", parent="epic", due=date(2026, 4, 1))
    blocker = item("blocker", "stores", due=date(2026, 4, 20))
    backlog = make_backlog([epic, story, blocker], [("blocker", "story")])
    found = forecast(backlog, {"blocker": {"due": date(2026, 6, 1)}})
    assert found == [EpicForecast("epic", "EPIC", date(2026, 5, 1), date(2026, 6, 1))]


def test_an_epic_whose_forecast_stays_is_not_told_of() -> None:
    epic = item("epic", "online", kind="epic", due=date(2026, 5, 1))
    story = item("story", "online", parent="epic", due=date(2026, 4, 1))
    assert not forecast(make_backlog([epic, story], []), {"story": {"due": date(2026, 4, 9)}})


def test_of_several_changes_to_the_same_the_last_counts() -> None:
    found = suppose(
        [
            SetValues("a", {"priority": 1, "due": None}),
            SetValues("a", {"priority": 2}),
            AddDependency("a", "b"),
            AddDependency("b", "c"),
            RemoveDependency("b", "c"),
            RemoveDependency("c", "a"),
        ],
        {"a", "b", "c"},
        {("c", "a")},
    )
    assert found == Hypothesis(
        {"a": {"priority": 2, "due": None}}, frozenset({("a", "b")}), frozenset({("c", "a")})
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (SetValues("x", {"priority": 1}), Problem(0, "item", "there is no such item")),
        (AddDependency("a", "x"), Problem(0, "dependent", "there is no such item")),
        (AddDependency("a", "a"), Problem(0, "dependent", "an item cannot wait for itself")),
        (RemoveDependency("x", "a"), Problem(0, "blocker", "there is no such item")),
        (RemoveDependency("a", "b"), Problem(0, None, "there is no such dependency")),
    ],
)
def test_what_does_not_exist_cannot_be_supposed(change: Any, problem: Problem) -> None:
    with pytest.raises(ImpossibleChangesError) as caught:
        suppose([change], {"a", "b"}, set())
    assert caught.value.problems == [problem]
