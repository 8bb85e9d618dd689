"""An analysis of twice the items takes twice the work; how long it takes, tests/bench says."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

from service.domain.graph.backlog import Backlog
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.rules import dependency_findings, evaluate
from tests.service.rules import board
from tests.support.work import assert_linear, count_calls

ITEMS = 2_000


def _random_items(chance: random.Random, count: int) -> Iterator[Item]:
    for number in range(count):
        start = board.TODAY + timedelta(days=chance.randrange(-30, 120))
        yield board.item(
            f"{chance.choice('OSD')}{number}",
            kind="epic" if number % 20 == 0 else "story",
            state=chance.choice(["todo", "todo", "doing", "done", "dropped"]),
            priority=chance.choice([None, 1, 2, 3, 4, 5]),
            start=chance.choice([None, start]),
            due=chance.choice([None, start + timedelta(days=14)]),
        )


def _some_dependencies(items: list[Item], chance: random.Random, count: int) -> list[Dependency]:
    pairs = {tuple(chance.sample(range(len(items)), 2)) for _ in range(count)}
    return [Dependency(items[one], items[other], ("native",)) for one, other in pairs]


def _analysis(count: int) -> Callable[[], object]:
    chance = random.Random(1)
    items = list(_random_items(chance, count))
    under = [item._replace(parent=items[place - place % 20].id) for place, item in enumerate(items)]
    edges = _some_dependencies(under, chance, count * 2 // 5)
    backlog = Backlog(board.plan(), {item.id: item for item in under}, edges)
    comparison = board.comparison({"online": ["review"], "stores": ["tests"]})
    return lambda: evaluate(backlog, comparison)


def test_twice_the_items_and_dependencies_take_twice_the_work() -> None:
    assert_linear(_analysis, ITEMS)


def test_dependencies_on_which_nothing_is_wrong_cost_next_to_nothing() -> None:
    chance = random.Random(2)
    early, late = board.TODAY + timedelta(days=20), board.TODAY + timedelta(days=40)
    items = [board.item(f"{chance.choice('OSD')}{number}", start=late, due=early) for number in range(ITEMS)]
    edges = _some_dependencies(items, chance, 4 * ITEMS)
    plan = board.plan()
    assert list(dependency_findings(edges, plan)) == []
    assert count_calls(lambda: list(dependency_findings(edges, plan))) < 100 * len(edges)
