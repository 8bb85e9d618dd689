"""How long an analysis takes; ``-s`` shows it. The bounds are those of a machine that is busy otherwise."""

import random
from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Edge
from service.domain.plan.item import Item
from service.rules import edge_findings, evaluate
from tests.service.rules import board

ITEMS, EDGES, QUIET_EDGES = 100_000, 40_000, 400_000


def _random_items(chance: random.Random) -> Iterator[Item]:
    for number in range(ITEMS):
        start = board.TODAY + timedelta(days=chance.randrange(-30, 120))
        yield board.item(
            f"{chance.choice('OSD')}{number}",
            kind="epic" if number % 20 == 0 else "story",
            state=chance.choice(["todo", "todo", "doing", "done", "dropped"]),
            priority=chance.choice([None, 1, 2, 3, 4, 5]),
            start=chance.choice([None, start]),
            due=chance.choice([None, start + timedelta(days=14)]),
        )


def _some_edges(items: list[Item], chance: random.Random, count: int) -> list[Edge]:
    pairs = {tuple(chance.sample(range(len(items)), 2)) for _ in range(count)}
    return [Edge(items[one], items[other], ("native",)) for one, other in pairs]


def test_a_hundred_thousand_items_with_forty_thousand_edges() -> None:
    chance = random.Random(1)
    items = list(_random_items(chance))
    under = [item._replace(parent=items[place - place % 20].id) for place, item in enumerate(items)]
    edges = _some_edges(under, chance, EDGES)
    backlog = Backlog(board.plan(), {item.id: item for item in under}, edges)
    began = perf_counter()
    found = evaluate(backlog, board.comparison({"online": ["review"], "stores": ["tests"]}))
    took = perf_counter() - began
    print(f"\n{ITEMS:,} items, {EDGES:,} edges: {len(found):,} findings in {took:.2f} s")
    assert len(found) > 1000
    assert took < 60


def test_edges_on_which_nothing_is_wrong_cost_next_to_nothing() -> None:
    chance = random.Random(2)
    early, late = board.TODAY + timedelta(days=20), board.TODAY + timedelta(days=40)
    items = [board.item(f"{chance.choice('OSD')}{number}", start=late, due=early) for number in range(ITEMS)]
    edges = _some_edges(items, chance, QUIET_EDGES)
    began = perf_counter()
    found = list(edge_findings(edges, board.plan()))
    took = perf_counter() - began
    print(f"\n{len(edges):,} quiet edges in {took:.2f} s")
    assert found == []
    assert took < 20
