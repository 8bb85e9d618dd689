"""Components that followed every change are those of the graph that came of it."""

from itertools import pairwise

import rustworkx
from hypothesis import given
from hypothesis import strategies as st

from service.domain.knots import Knots, knots_after, no_knots

_NODES = st.integers(0, 11)
_ARCS = st.sets(st.tuples(_NODES, _NODES).filter(lambda arc: arc[0] != arc[1]), max_size=30)


def followed(history: list[set[tuple[int, int]]]) -> Knots:
    knots = knots_after(no_knots(), 12, history[0], ())
    for before, after in pairwise(history):
        knots = knots_after(knots, 12, after - before, before - after)
    return knots


def components(arcs: set[tuple[int, int]]) -> list[list[int]]:
    graph = rustworkx.PyDiGraph()
    graph.add_nodes_from(range(12))
    graph.add_edges_from_no_data(list(arcs))
    return sorted(sorted(found) for found in rustworkx.strongly_connected_components(graph))


def named(knots: Knots) -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for node, name in enumerate(knots.of):
        found.setdefault(name, []).append(node)
    return sorted(found.values())


@given(st.lists(_ARCS, min_size=1, max_size=4))
def test_any_arcs_may_come_and_go(history: list[set[tuple[int, int]]]) -> None:
    assert named(followed(history)) == components(history[-1])


@given(_ARCS, st.data())
def test_a_few_arcs_may_go(arcs: set[tuple[int, int]], data: st.DataObject) -> None:
    gone = data.draw(st.sets(st.sampled_from(sorted(arcs)), max_size=4)) if arcs else set()
    assert named(followed([arcs, arcs - gone])) == components(arcs - gone)


@given(_ARCS, st.tuples(_NODES, _NODES).filter(lambda arc: arc[0] != arc[1]))
def test_one_arc_may_come(arcs: set[tuple[int, int]], arc: tuple[int, int]) -> None:
    assert named(followed([arcs, arcs | {arc}])) == components(arcs | {arc})


@given(_ARCS, _ARCS, _ARCS)
def test_what_a_larger_graph_keeps_apart_is_apart(
    before: set[tuple[int, int]], after: set[tuple[int, int]], more: set[tuple[int, int]]
) -> None:
    apart = followed([after | more]).of
    knots = knots_after(followed([before]), 12, after - before, before - after, apart)
    assert named(knots) == components(after)


@given(_ARCS, _NODES)
def test_a_node_may_lose_all_that_it_has(arcs: set[tuple[int, int]], node: int) -> None:
    left = {arc for arc in arcs if node not in arc}
    knots = followed([arcs, left])
    assert named(knots) == components(left)
    assert all(len(members) > 1 and knots.of[members[0]] == name for name, members in knots.members.items())


def test_of_two_arcs_beside_each_other_both_must_go() -> None:
    knots = knots_after(no_knots(), 2, [(0, 1), (0, 1), (1, 0)], ())
    once = knots_after(knots, 2, (), [(0, 1)])
    assert named(once) == [[0, 1]]
    assert named(knots_after(once, 2, (), [(0, 1)])) == [[0], [1]]
