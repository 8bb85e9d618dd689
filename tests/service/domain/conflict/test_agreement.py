"""Who may say what when, and what becomes of it."""

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.conflict.agreement import DONE, SIDE, Action, DayError, StateError, after, day_of
from service.domain.notification.event import TYPES
from service.domain.plan.relations import Agreement


def march(day: int) -> date:
    return date(2026, 3, day)


TODAY = march(2)
REQUESTED = Agreement("requested", march(13), None, march(1))
COMMITTED = REQUESTED._replace(state="committed", date=march(12))
PROPOSED = REQUESTED._replace(state="proposed", date=march(20))
DECLINED = REQUESTED._replace(state="declined")
PROMISED_LATE = COMMITTED._replace(date=march(20))  # an accepted proposal

STEPS: list[tuple[Agreement | None, Action, date | None, Agreement | None]] = [
    (None, "request", march(13), REQUESTED._replace(asked_on=TODAY)),
    (None, "request", TODAY, Agreement("requested", TODAY, None, TODAY)),
    (REQUESTED, "request", march(11), Agreement("requested", march(11), None, TODAY)),
    (COMMITTED, "request", march(9), Agreement("requested", march(9), None, TODAY)),
    (PROPOSED, "request", march(16), Agreement("requested", march(16), None, TODAY)),
    (DECLINED, "request", march(30), Agreement("requested", march(30), None, TODAY)),
    (REQUESTED, "commit", None, REQUESTED._replace(state="committed", date=march(13))),
    (REQUESTED, "commit", march(12), COMMITTED),
    (PROPOSED, "commit", march(13), REQUESTED._replace(state="committed", date=march(13))),
    (DECLINED, "commit", march(12), COMMITTED),
    (COMMITTED, "commit", march(13), REQUESTED._replace(state="committed", date=march(13))),
    (PROMISED_LATE, "commit", march(18), REQUESTED._replace(state="committed", date=march(18))),
    (REQUESTED, "propose", march(20), PROPOSED),
    (COMMITTED, "propose", march(20), PROPOSED),
    (PROPOSED, "propose", march(18), PROPOSED._replace(date=march(18))),
    (DECLINED, "propose", march(20), PROPOSED),
    (REQUESTED, "decline", None, DECLINED),
    (PROPOSED, "decline", None, DECLINED),
    (PROPOSED, "accept", None, PROMISED_LATE),
    (REQUESTED, "withdraw", None, None),
    (COMMITTED, "withdraw", None, None),
    (PROPOSED, "withdraw", None, None),
    (DECLINED, "withdraw", None, None),
]


@pytest.mark.parametrize(("before", "action", "day", "expected"), STEPS)
def test_a_step_leads_from_what_was_agreed_to_what_is(
    before: Agreement | None, action: Action, day: date | None, expected: Agreement | None
) -> None:
    assert after(before, action, day, TODAY) == expected


REFUSED: list[tuple[Agreement | None, Action]] = [
    (None, "commit"),
    (None, "propose"),
    (None, "decline"),
    (None, "accept"),
    (None, "withdraw"),
    (REQUESTED, "accept"),
    (COMMITTED, "accept"),
    (DECLINED, "accept"),
    (COMMITTED, "decline"),  # whoever cannot keep it proposes another day
    (DECLINED, "decline"),
    (PROPOSED._replace(date=march(1)), "accept"),  # that day is over
]


@pytest.mark.parametrize(("before", "action"), REFUSED)
def test_a_step_that_the_state_does_not_allow_is_refused(before: Agreement | None, action: Action) -> None:
    with pytest.raises(StateError):
        after(before, action, march(20), TODAY)


DAYS: list[tuple[Agreement | None, Action, date | None, str]] = [
    (None, "request", march(1), "past"),
    (None, "request", None, "missing"),
    (REQUESTED, "commit", march(1), "past"),
    (REQUESTED._replace(needed_by=march(1)), "commit", None, "past"),
    (REQUESTED, "commit", march(14), "propose it"),
    (PROPOSED, "commit", march(20), "propose it"),
    (COMMITTED, "commit", march(14), "propose it"),
    (PROMISED_LATE, "commit", march(21), "propose it"),
    (REQUESTED, "propose", march(1), "past"),
    (REQUESTED, "propose", None, "missing"),
    (REQUESTED, "propose", march(13), "commit to it"),
    (COMMITTED, "propose", march(13), "commit to it"),
    (PROMISED_LATE, "propose", march(20), "commit to it"),
]


@pytest.mark.parametrize(("before", "action", "day", "why"), DAYS)
def test_a_day_that_the_step_cannot_take_is_refused(
    before: Agreement | None, action: Action, day: date | None, why: str
) -> None:
    with pytest.raises(DayError, match=why):
        after(before, action, day, TODAY)


@pytest.mark.parametrize(
    ("action", "now", "day"),
    [
        ("request", REQUESTED, march(13)),
        ("commit", COMMITTED, march(12)),
        ("propose", PROPOSED, march(20)),
        ("accept", PROMISED_LATE, march(20)),
        ("decline", DECLINED, None),
        ("withdraw", None, None),
    ],
)
def test_a_step_names_the_day_it_is_about(action: Action, now: Agreement | None, day: date | None) -> None:
    assert day_of(action, now) == day


def test_every_step_has_a_side_and_an_event() -> None:
    assert set(SIDE) == set(DONE) == set(get_args(Action))
    assert {f"agreement.{done}" for done in DONE.values()} == {
        one for one in TYPES if one.startswith("agreement.")
    }


ACTIONS: st.SearchStrategy[Action] = st.sampled_from(get_args(Action))
DAY = st.none() | st.dates(march(1), march(31))


@given(st.lists(st.tuples(ACTIONS, DAY, st.integers(0, 3)), max_size=15))
def test_whatever_is_said_a_commitment_is_to_a_day_both_sides_agreed(
    said: list[tuple[Action, date | None, int]],
) -> None:
    """Either the waiting team named it (or a later one), or it accepted it."""
    found: Agreement | None = None
    accepted: date | None = None
    today = TODAY
    for action, day, passes in said:
        today = min(today.replace(day=today.day + passes), march(31)) if today.day + passes < 32 else today
        try:
            found = after(found, action, day, today)
        except (StateError, DayError):
            continue
        if action == "accept" and found:
            accepted = found.date
        if action in ("request", "withdraw"):
            accepted = None
        if found is None or found.state == "requested":
            continue
        assert (found.date is None) == (found.state == "declined")
        if found.state == "committed" and found.date:
            assert found.date <= max(found.needed_by, accepted or found.needed_by)
        if found.state == "proposed" and found.date:
            assert found.date > found.needed_by
