"""Larger knots: circles through what a change adds, and where old ones stand or fall; the order meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.domain.graph.backlog import Backlog
from service.domain.order.order import overarching_order
from service.domain.what_if.horizon import Horizon, horizon_of
from tests.service.domain.what_if.test_horizon import deadlocked, ids_of, leading
from tests.support.plaits import Plait


def history(dice: Random) -> Iterator[Backlog]:
    plait = Plait(dice)
    yield plait.backlog()
    for changes in dice.choices([1, 1, 1, 2, 3, 12], k=4):
        for _ in range(changes):
            plait.change()
        yield plait.backlog()


def pinned(seed: int) -> Iterator[Backlog]:
    """With three pins that stay."""
    first, *others = history(Random(seed))
    pins = tuple(Random(seed).sample(sorted(first.items), 3))
    return (replace(backlog, pins=pins) for backlog in (first, *others))


def followed(backlogs: Iterator[Backlog]) -> Iterator[tuple[Horizon, Backlog]]:
    horizon = None
    for before, after in pairwise(backlogs):
        horizon = (horizon or horizon_of(before)).after(leading(before, after))
        yield horizon, after


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_whatever_changes_the_circles_are_the_deadlocks(seed: int) -> None:
    for horizon, backlog in followed(history(Random(seed))):
        assert set(horizon.circles.shortest.values()) == deadlocked(backlog)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
@example(2056866)  # two of a chain go before others of it, with nothing between that stays
def test_whatever_changes_the_order_is_that_of_the_backlog(seed: int) -> None:
    for horizon, backlog in followed(history(Random(seed))):
        assert ids_of(horizon) == list(overarching_order(backlog).sequence)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
@example(9026631)  # an item goes from one chain of a knot to another
def test_whatever_changes_the_pins_stay_first(seed: int) -> None:
    for horizon, backlog in followed(pinned(seed)):
        assert ids_of(horizon) == list(overarching_order(backlog).sequence)
