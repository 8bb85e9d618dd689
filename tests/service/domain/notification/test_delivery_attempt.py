import pytest

from service.domain.notification.delivery_attempt import DELAYS, HOUR, Outcome, Verdict, judge

MIDDLE = 0.5  # of the jitter


def answered(status: int, retry_after: float | None = None) -> Outcome:
    return Outcome(0.1, status=status, retry_after=retry_after)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_delivered(status: int) -> None:
    assert judge(answered(status), 1, MIDDLE) == Verdict("delivered")


@pytest.mark.parametrize("status", [301, 302, 400, 404, 408, 429, 500, 503])
def test_anything_else_is_tried_again(status: int) -> None:
    assert judge(answered(status), 1, MIDDLE) == Verdict("pending", 5.0)


def test_retries_follow_the_schedule_for_75_hours_and_then_it_is_dead() -> None:
    verdicts = [judge(Outcome(15.0, error="no answer"), attempt, MIDDLE) for attempt in range(1, 11)]
    assert [verdict.delay for verdict in verdicts[:-1]] == list(DELAYS)
    assert sum(DELAYS) == pytest.approx(75.6 * HOUR, rel=0.01)
    assert verdicts[-1] == Verdict("dead")


def test_jitter_moves_a_delay_by_at_most_a_fifth() -> None:
    assert judge(answered(500), 2, 0.0).delay == pytest.approx(240)
    assert judge(answered(500), 2, 1.0).delay == pytest.approx(360)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_heeded_where_it_is_longer(status: int) -> None:
    assert judge(answered(status, 120.0), 1, MIDDLE).delay == 120.0
    assert judge(answered(status, 1.0), 1, MIDDLE).delay == 5.0
    assert judge(answered(status, 1e9), 1, MIDDLE).delay == 24 * HOUR


def test_retry_after_of_another_status_says_nothing() -> None:
    assert judge(answered(500, 120.0), 1, MIDDLE).delay == 5.0


def test_a_receiver_that_is_gone_is_not_tried_again() -> None:
    assert judge(answered(410), 1, MIDDLE) == Verdict("dead")
