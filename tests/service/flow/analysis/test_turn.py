"""How soon the order follows: in proportion to what an analysis takes, whatever the product's size."""

import pytest

from service.flow.analysis.turn import AnalysisTurn


def turn_after(seconds: float) -> AnalysisTurn:
    """After an analysis that took so long and ended at 100."""
    turn = AnalysisTurn()
    turn.note(100.0 - seconds, 100.0)
    return turn


@pytest.mark.parametrize("seconds", [0.02, 0.4, 1.2, 20.0, 90.0])
def test_a_change_is_in_the_order_within_twice_the_last_analysis(seconds: float) -> None:
    turn = turn_after(seconds)
    assert turn.delay + seconds <= min(2 * seconds, seconds + 0.5)


@pytest.mark.parametrize("seconds", [0.02, 0.4, 1.2, 20.0, 90.0])
def test_under_unbroken_change_no_analysis_is_waited_for_longer_than_two_of_them_take(seconds: float) -> None:
    """A change just after one began waits for its end and for the pause after it."""
    turn = turn_after(seconds)
    assert seconds + turn.remaining_pause(100.0) <= 2 * seconds


@pytest.mark.parametrize("seconds", [0.02, 0.4, 1.2, 20.0, 90.0])
def test_under_unbroken_change_a_third_of_the_time_is_left_to_others(seconds: float) -> None:
    pause = turn_after(seconds).remaining_pause(100.0)
    assert pause / (pause + seconds) == pytest.approx(1 / 3)


@pytest.mark.parametrize(("now", "remaining"), [(100.0, 1.0), (100.25, 0.75), (101.0, 0.0), (500.0, 0.0)])
def test_a_pause_ends(now: float, remaining: float) -> None:
    assert turn_after(2.0).remaining_pause(now) == pytest.approx(remaining)


def test_before_the_first_analysis_nothing_is_waited_for_and_nobody_waits() -> None:
    turn = AnalysisTurn()
    assert (turn.delay, turn.remaining_pause(0.0), turn.is_short) == (0.0, 0.0, False)


@pytest.mark.parametrize(("seconds", "is_short"), [(0.2, True), (1.0, True), (1.01, False), (20.0, False)])
def test_a_decision_is_answered_with_its_order_where_that_takes_a_moment(
    seconds: float, is_short: bool
) -> None:
    turn = AnalysisTurn()
    turn.note(0.0, seconds)
    assert turn.is_short == is_short
