"""A circle of 10,000 dependencies, and an item with 2,000 of them, are judged (faults.md, 29)."""

from datetime import timedelta
from functools import partial

from service.domain.done import compare
from service.domain.graph.backlog import Backlog
from service.domain.order.order import overarching_order
from service.flow.product_plan import catalogue
from service.rules import evaluate
from tests.support.backlogs import TEAMS, TODAY, item, make_backlog
from tests.support.work import assert_linear


def judged(backlog: Backlog) -> dict[str, int]:
    """How many findings there are of each rule; the order is made too."""
    found = evaluate(backlog, compare({}, (), catalogue()))
    assert len(overarching_order(backlog).sequence) == len(backlog.items)
    return {rule: sum(one.rule == rule for one in found) for rule in {one.rule for one in found}}


def test_a_circle_of_ten_thousand_dependencies_is_one_conflict() -> None:
    assert judged(circle(10_000))["dependency-cycle"] == 1


def test_a_circle_twice_as_long_takes_twice_the_work() -> None:
    assert_linear(lambda size: partial(judged, circle(size)), 1_000)


def circle(size: int) -> Backlog:
    items = [
        item(
            f"i{n:05}", TEAMS[n % 2], rank=f"{n:05}", priority=1 + n % 5, due=TODAY + timedelta(days=n % 300)
        )
        for n in range(size)
    ]
    ring = [(f"i{n:05}", f"i{(n + 1) % size:05}") for n in range(size)]
    return make_backlog(items, ring)


def test_an_item_that_two_thousand_others_wait_for() -> None:
    found = judged(hub(2_000))
    assert (found["dependency-date"], found["priority-inversion"]) == (2_000, 1)


def test_an_item_that_twice_as_many_wait_for_takes_twice_the_work() -> None:
    assert_linear(lambda size: partial(judged, hub(size)), 500)


def hub(size: int) -> Backlog:
    late = item("hub", "online", due=TODAY + timedelta(days=90), priority=5)
    others = [item(f"i{n:04}", "stores", start=TODAY, due=TODAY, priority=1) for n in range(size)]
    return make_backlog([late, *others], [("hub", one.id) for one in others])
