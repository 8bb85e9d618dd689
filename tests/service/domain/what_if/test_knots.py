"""Knots that followed every change are the strongly connected components of all arcs there are."""

from collections.abc import Iterable
from itertools import pairwise
from random import Random

import rustworkx
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.what_if.board import Arc
from service.domain.what_if.horizon import Horizon, horizon_of
from service.domain.what_if.knots import Knots
from tests.service.domain.what_if.test_around import followed, history
from tests.service.domain.what_if.test_horizon import followed as led
from tests.service.domain.what_if.test_horizon import histories
from tests.support.backlogs import item, make_backlog


def expected(horizon: Horizon, dependencies: Iterable[Arc]) -> list[list[int]]:
    """Of these and every step along a chain, one by one."""
    board = horizon.board
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(len(board.items)))
    graph.add_edges_from_no_data(list(dependencies))
    graph.add_edges_from_no_data([step for nodes in board.chains.values() for step in pairwise(nodes)])
    return sorted(map(sorted, rustworkx.strongly_connected_components(graph)))


def named(knots: Knots) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for node, name in enumerate(knots.of):
        found.setdefault(name, []).append(node)
    assert {name: nodes for name, nodes in found.items() if len(nodes) > 1} == knots.members
    assert all(name == nodes[0] for name, nodes in found.items())
    return sorted(found.values())


def check(horizon: Horizon) -> None:
    every, cycle = horizon.board.origins, horizon.circles.cycle
    counting = [arc for arc in every if cycle.get(arc[0], -1) != cycle.get(arc[1])]
    assert named(horizon.binding.knots) == expected(horizon, every)
    assert named(horizon.circles.knots) == expected(horizon, counting)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_whatever_changes_a_little(seed: int) -> None:
    for horizon, _ in followed(history(Random(seed))):
        check(horizon)


@given(histories())
def test_whatever_changes_at_once(found: list[Backlog]) -> None:
    check(led(found))


def test_a_knot_holds_what_stands_between_two_of_it() -> None:
    items = [
        item(f"{team}{rank}", team, rank=str(rank)) for team in ("online", "stores") for rank in range(4)
    ]
    horizon = horizon_of(make_backlog(items, [("online2", "stores0"), ("stores3", "online0")]))
    check(horizon)
    [members] = horizon.binding.knots.members.values()
    assert sorted(horizon.board.item(node).key for node in members) == [
        "ONLINE0", "ONLINE1", "ONLINE2", "STORES0", "STORES1", "STORES2", "STORES3"
    ]  # fmt: skip


def test_what_is_inside_a_cycle_ties_no_orders() -> None:
    """But the cycle with what stands between two of it is a knot of all dependencies."""
    items = [
        item(f"{team}{rank}", team, rank=str(rank)) for team in ("online", "stores") for rank in range(3)
    ]
    horizon = horizon_of(make_backlog(items, [("online2", "stores0"), ("stores0", "online2")]))
    check(horizon)
    assert [len(nodes) for nodes in horizon.binding.knots.members.values()] == [2]
    assert horizon.circles.knots.members == {}
