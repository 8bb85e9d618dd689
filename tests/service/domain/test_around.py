"""Circles in larger knots: through what a change adds, and where the old ones stand or fall."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.backlog import Backlog
from service.domain.horizon import horizon_of
from tests.service.domain.test_horizon import deadlocked, leading
from tests.support.plaits import Plait


def history(dice: Random) -> Iterator[Backlog]:
    plait = Plait(dice)
    yield plait.backlog()
    for changes in dice.choices([1, 1, 1, 2, 3, 12], k=4):
        for _ in range(changes):
            plait.change()
        yield plait.backlog()


def follow(backlogs: Iterator[Backlog]) -> None:
    horizon = None
    for before, after in pairwise(backlogs):
        horizon = (horizon or horizon_of(before)).after(leading(before, after))
        assert set(horizon.circles.shortest.values()) == deadlocked(after)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10**9))
def test_whatever_changes_the_circles_are_the_deadlocks(seed: int) -> None:
    follow(history(Random(seed)))
