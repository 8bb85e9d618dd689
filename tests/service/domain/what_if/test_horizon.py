"""A horizon that followed every change is the one that is built of the changed backlog."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.graph.deadlock import deadlocks
from service.domain.graph.forecast import forecasts
from service.domain.order.order import overarching_order
from service.domain.plan.ancestry import nearest_epics
from service.domain.plan.dates import date_mode
from service.domain.what_if.board import Change
from service.domain.what_if.epic_forecast import epics_over
from service.domain.what_if.horizon import Horizon, horizon_of
from service.rules import network_of
from tests.support.backlogs import backlogs, item, make_backlog


@st.composite
def histories(draw: st.DrawFn) -> list[Backlog]:
    """Backlogs of one product one after the other: any item may be another one in the next, or be gone."""
    found = draw(st.lists(backlogs(), min_size=2, max_size=5))
    return [_family(backlog, found[0]) for backlog in found]


def _family(backlog: Backlog, first: Backlog) -> Backlog:
    """Under epics, a few in circles; with the first one's pins."""
    ids = sorted(backlog.items)
    items = {
        one: found._replace(
            kind="epic" if place % 3 == 0 else "story", parent=ids[(place * 2 + 1) % len(ids)]
        )
        for place, (one, found) in enumerate(sorted(backlog.items.items()))
    }
    pairs = [(edge[0].id, edge[1].id) for edge in backlog.edges]
    return make_backlog(items.values(), pairs, goals=backlog.goals, pins=first.pins)


def leading(before: Backlog, after: Backlog) -> Change:
    """What differs between two backlogs, as it would be told."""
    was = {(edge[0].id, edge[1].id) for edge in before.edges if edge.is_open}
    will = {(edge[0].id, edge[1].id): edge[2] for edge in after.edges if edge.is_open}
    ids = before.items.keys() | after.items.keys()
    now = {one: found if (found := after.items.get(one)) and found.is_open else None for one in ids}
    return Change(
        items={one: found for one, found in now.items() if found != before.items.get(one)},
        goals={one: after.goals.get(one) for one in ids},
        added={pair: origins for pair, origins in will.items() if pair not in was},
        removed=was - will.keys(),
    )


def followed(history: list[Backlog]) -> Horizon:
    horizon = horizon_of(history[0])
    for before, after in pairwise(history):
        horizon = horizon.after(leading(before, after))
    return horizon


def ids_of(horizon: Horizon) -> list[str]:
    return [horizon.board.item(node).id for node in horizon.standing.nodes]


@given(backlogs(most=14))
def test_it_holds_the_overarching_order(backlog: Backlog) -> None:
    assert ids_of(horizon_of(backlog)) == list(overarching_order(backlog).sequence)


@given(histories())
def test_the_order_followed_is_that_of_the_last_backlog(history: list[Backlog]) -> None:
    assert ids_of(followed(history)) == list(overarching_order(history[-1]).sequence)


@given(histories())
def test_the_circles_followed_are_the_deadlocks_of_the_last_backlog(history: list[Backlog]) -> None:
    circles = followed(history).circles.shortest.values()
    assert set(circles) == deadlocked(history[-1])


def deadlocked(backlog: Backlog) -> set[tuple[str, ...]]:
    network = network_of(backlog.edges)
    found = deadlocks(network.planning)
    return {tuple(network.ids(step.earlier for step in circle)) for circle in found}


@given(histories())
def test_the_forecasts_followed_are_those_of_the_last_backlog(history: list[Backlog]) -> None:
    horizon, backlog = followed(history), history[-1]
    graph = backlog.planning.graph
    days = forecasts(graph, date_mode(backlog.plan)).days
    expected = {one.id: one.due and one.due.toordinal() for one in backlog.items.values() if one.is_open}
    expected |= {one.id: day for one, day in zip(graph.items, days, strict=True)}
    board = horizon.board
    assert {one: horizon.values.ready[node] for one, node in board.number.items()} == expected


@given(histories())
def test_the_epics_above_an_item_are_its_nearest_and_theirs(history: list[Backlog]) -> None:
    board = followed(history).board
    items = {one: board.item(node) for one, node in board.number.items()}
    nearest = nearest_epics(items.values(), items)
    for one, node in board.number.items():
        expected = {one} if items[one].kind == "epic" else set()
        above = nearest.get(one)
        while above is not None and above.id not in expected:
            expected.add(above.id)
            above = nearest.get(above.id)
        assert set(epics_over(board, node)) == expected


@given(histories())
def test_every_part_followed_is_the_part_built_anew(history: list[Backlog]) -> None:
    assert parts(followed(history)) == parts(horizon_of(history[-1]))


def parts(horizon: Horizon) -> dict[str, object]:
    """By ids: what left the board keeps its number, so numbers differ."""
    board = horizon.board
    told = {node: one for one, node in board.number.items()}
    knots: dict[int, set[str]] = {}
    for node, one in told.items():
        knots.setdefault(horizon.binding.knots.of[node], set()).add(one)
    return {
        "items": {one: board.item(node) for one, node in board.number.items()},
        "goals": board.goals,
        "chains": {chain: [told[node] for node in nodes] for chain, nodes in board.chains.items() if nodes},
        "children": {one: {told[node] for node in nodes} for one, nodes in board.children.items() if nodes},
        "arcs": {(told[one], told[other]): origins for (one, other), origins in board.origins.items()},
        "wishes": {one: horizon.wishes.told[node] for one, node in board.number.items()},
        "ranked": [told[node] for node in horizon.wishes.order],
        "knots": sorted(map(sorted, knots.values())),
        "circles": sorted(horizon.circles.shortest.values()),
    }


def test_what_did_not_change_is_not_looked_at() -> None:
    backlog = make_backlog([item("a", "online"), item("b", "stores"), item("c", "data")], [("a", "b")])
    horizon = horizon_of(backlog)
    later = horizon.after(Change(items={"a": item("a", "online", priority=1)}))
    assert {later.board.item(node).id for node in later.region} == {"a", "b"}
    assert later.binding.knots.members is horizon.binding.knots.members
    renamed = horizon.after(Change(items={"a": item("a", "online", title="Another")}))
    assert renamed.standing is horizon.standing


def test_a_longer_circle_is_found_where_no_item_is_between_two_of_a_chain() -> None:
    """online: a before b; stores: c before d; b is needed by c, d by a."""
    items = [item(one, "online" if one < "c" else "stores", rank=one) for one in "abcd"]
    pairs = [("b", "c"), ("d", "a")]
    horizon = horizon_of(make_backlog(items, pairs))
    assert list(horizon.circles.shortest.values()) == [("a", "b", "c", "d")]
    apart = horizon.after(Change(removed=[("d", "a")]))
    assert not apart.circles.shortest
    assert deadlocked(make_backlog(items, pairs)) == {("a", "b", "c", "d")}
