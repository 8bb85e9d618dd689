"""A plan that followed every change is the one that the changed backlog has, worked out from the start."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.graph.deadlock import deadlocks
from service.domain.graph.forecast import forecasts
from service.domain.order.numbering import UNKNOWN
from service.domain.order.order import overarching_order
from service.domain.plan.ancestry import nearest_epics
from service.domain.plan.dates import date_mode
from service.domain.what_if.epic_forecast import epics_over
from service.domain.what_if.open_plan import Change, OpenPlan, plan_after
from tests.support.backlogs import backlogs, item, make_backlog
from tests.support.plaits import Plait
from tests.support.plans import followed, open_plan, planned_items


@st.composite
def histories(draw: st.DrawFn) -> list[Backlog]:
    """Backlogs of one product one after the other: any item may be another one in the next, or be gone."""
    drawn = draw(st.lists(backlogs(), min_size=2, max_size=5))
    return [_family(backlog, drawn[0]) for backlog in drawn]


def _family(backlog: Backlog, first: Backlog) -> Backlog:
    """Under epics, a few in circles; with the first one's pins."""
    ids = sorted(backlog.items)
    items = [
        backlog.items[item_id]._replace(
            kind="epic" if place % 3 == 0 else "story", parent=ids[(place * 2 + 1) % len(ids)]
        )
        for place, item_id in enumerate(ids)
    ]
    pairs = [(edge[0].id, edge[1].id) for edge in backlog.edges]
    return make_backlog(items, pairs, goals=backlog.goals, pins=first.pins)


def plaited(seed: int, *, is_pinned: bool = False) -> Iterator[Backlog]:
    """Larger components, of which each change is a small part; three pins stay."""
    dice = Random(seed)
    plait = Plait(dice)
    first = plait.backlog()
    pins = tuple(Random(seed).sample(sorted(first.items), 3)) if is_pinned else ()
    yield replace(first, pins=pins)
    for changes in dice.choices([1, 1, 1, 2, 3, 12], k=4):
        for _ in range(changes):
            plait.change()
        yield replace(plait.backlog(), pins=pins)


def parts(plan: OpenPlan) -> dict[str, Any]:
    order = plan.order
    return {
        "items": plan.items,
        "goals": plan.guidance.goals,
        "dependencies": plan.origins,
        "order": order.sequence,
        "reasons": {order.numbering.ids[node]: order.because(node) for node in order.nodes},
        "team orders": sorted(map(list, order.team_orders)),
        "ready": dict(zip(order.numbering.ids, plan.ready.tolist(), strict=True)),
        "deadlocks": sorted(plan.circles),
        "children": {parent: sorted(children) for parent, children in plan.children.items()},
    }


def deadlocked(backlog: Backlog) -> set[tuple[str, ...]]:
    planning = backlog.planning
    return {tuple(planning.graph.items[step.earlier].id for step in circle) for circle in deadlocks(planning)}


def check_like_the_full_analysis(plan: OpenPlan, backlog: Backlog) -> None:
    order = overarching_order(backlog)
    assert plan.order.sequence == order.sequence
    assert plan.order.effective == order.effective
    assert set(plan.circles) == deadlocked(backlog)
    assert dict(zip(plan.order.numbering.ids, plan.ready.tolist(), strict=True)) == ready(backlog)


def ready(backlog: Backlog) -> dict[str, int]:
    graph = backlog.planning.graph
    days = forecasts(graph, date_mode(backlog.plan)).days
    expected = {
        item.id: item.due.toordinal() if item.due else None for item in backlog.items.values() if item.is_open
    }
    expected |= {one.id: day for one, day in zip(graph.items, days, strict=True)}
    return {item_id: UNKNOWN if day is None else day for item_id, day in expected.items()}


@given(histories())
def test_whatever_changes_at_once(history: list[Backlog]) -> None:
    plan, last = followed(history)
    check_like_the_full_analysis(plan, last)
    assert parts(plan) == parts(open_plan(last))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**9), st.booleans())
@example(2056866, False)  # two of a team order go before others of it, with nothing between that stays
@example(9026631, True)  # an item goes from one team order of a component to another
def test_whatever_changes_a_little(seed: int, is_pinned: bool) -> None:
    plan, last = followed(plaited(seed, is_pinned=is_pinned))
    check_like_the_full_analysis(plan, last)
    assert parts(plan) == parts(open_plan(last))


@given(histories())
def test_the_epics_above_an_item_are_its_nearest_and_theirs(history: list[Backlog]) -> None:
    plan, last = followed(history)
    items = {one.id: one for one in last.items.values() if one.is_open}
    nearest = nearest_epics(items.values(), items)
    for item_id in plan.items:
        expected = {item_id} if items[item_id].kind == "epic" else set()
        above = nearest.get(item_id)
        while above is not None and above.id not in expected:
            expected.add(above.id)
            above = nearest.get(above.id)
        assert set(epics_over(plan, item_id)) == expected


@given(backlogs())
def test_what_did_not_change_is_not_worked_out_again(backlog: Backlog) -> None:
    plan = open_plan(backlog)
    after = plan_after(plan, Change(items=planned_items(backlog)))
    assert after.order.numbering is plan.order.numbering
    assert after.order.nodes is plan.order.nodes


def test_another_due_date_leaves_all_that_hangs_on_dependencies_alone() -> None:
    backlog = make_backlog([item("a", "online"), item("b", "stores"), item("c", "data")], [("a", "b")])
    plan = open_plan(backlog)
    after = plan_after(plan, Change(items={"b": plan.items["b"]._replace(priority=1)}))
    assert after.order.numbering is plan.order.numbering
    assert after.order.held.dependents is plan.order.held.dependents
    assert after.order.preference.days is plan.order.preference.days
    assert after.order.sequence == ["a", "b", "c"]
