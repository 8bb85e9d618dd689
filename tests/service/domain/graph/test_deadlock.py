"""The circles of teams' orders and dependencies, beside a plain search over every pair of every chain."""

from collections.abc import Sequence
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.graph.deadlock import deadlocks
from service.domain.graph.graph import Graph, components_among
from service.domain.graph.planning import Planning, planning_of
from service.domain.graph.shortest_paths import shortest_circle
from service.domain.graph.team_order import team_orders
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from tests.service.rules import board
from tests.support.examples import examples
from tests.support.plaits import Plait


def scheduled(chance: Random, size: int, sources: int) -> Planning[Item]:
    """Most dependencies lead the way that the ranks do, give or take."""
    items = [
        board.item(
            f"{chance.choice('OSD')}{number}",
            rank=f"{chance.randrange(99):02}",
            source=str(chance.randrange(sources)),
        )
        for number in range(size)
    ]
    items.sort(key=lambda item: int(item.rank or 0) + chance.randrange(-30, 30))
    pairs = {tuple(sorted(chance.sample(range(size), 2))) for _ in range(size)}
    pairs |= {(after, before) for before, after in pairs if chance.random() < 0.02}
    return planning_of(Dependency(items[one], items[other], ("native",)) for one, other in pairs)


def cycles(following: Sequence[Sequence[int]]) -> list[list[int]]:
    return [sorted(found) for found in components_among(range(len(following)), following) if len(found) > 1]


def plainly(graph: Graph[Item], rows: Sequence[Sequence[int]]) -> list[list[int]]:
    nodes = range(len(graph.items))
    of = {node: number for number, members in enumerate(cycles(graph.dependents)) for node in members}
    after = [
        {other for other in graph.dependents[node] if node not in of or of[node] != of.get(other)}
        for node in nodes
    ]
    for row in rows:
        for place, node in enumerate(row):
            after[node].update(row[place + 1 :])
    before = [[one for one in nodes if node in after[one]] for node in nodes]
    closed = Graph(graph.items, before, [sorted(others) for others in after])
    knots = [knot for knot in cycles(closed.dependents) if len({graph.items[node].team for node in knot}) > 1]
    return sorted(shortest_circle(closed, knot) for knot in knots)


def compare(planning: Planning[Item]) -> None:
    graph = planning.graph
    found = sorted([step.earlier for step in circle] for circle in deadlocks(planning))
    assert found == plainly(graph, team_orders(graph.items))


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, 10**9), st.integers(6, 40), st.integers(1, 8))
def test_a_jump_along_a_chain_is_one_step(seed: int, size: int, sources: int) -> None:
    compare(scheduled(Random(seed), size, sources))


@settings(max_examples=examples(300), deadline=None)
@given(st.integers(0, 10**9))
def test_circles_may_be_longer_than_three(seed: int) -> None:
    compare(planning_of(Plait(Random(seed)).backlog().edges))
