"""How two teams come to agree on a dependency: who may say what when, and what becomes of it. Pure.

The team that waits *requests* a day by which it needs the blocker. The blocker's team *commits* to that
day or an earlier one, *proposes* a later one, or *declines*. The team that waits *accepts* a proposal,
which makes it a commitment, or requests anew. It may *withdraw* at any time: then nothing is agreed.
A commitment is not declined: whoever cannot keep it proposes another day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from service.domain.plan.relations import Agreement
from service.errors import AttuneError

Action = Literal["request", "commit", "propose", "decline", "accept", "withdraw"]
Side = Literal["blocker", "dependent"]

SIDE: Mapping[Action, Side] = {
    "request": "dependent",
    "commit": "blocker",
    "propose": "blocker",
    "decline": "blocker",
    "accept": "dependent",
    "withdraw": "dependent",
}
"""Whose team takes the step."""

DONE: Mapping[Action, str] = {
    "request": "requested",
    "commit": "committed",
    "propose": "proposed",
    "decline": "declined",
    "accept": "accepted",
    "withdraw": "withdrawn",
}
"""What the step is called once it is taken, in its history and its event."""

_FROM: Mapping[Action, frozenset[str]] = {
    "request": frozenset({"none", "requested", "committed", "proposed", "declined"}),
    "commit": frozenset({"requested", "committed", "proposed", "declined"}),
    "propose": frozenset({"requested", "committed", "proposed", "declined"}),
    "decline": frozenset({"requested", "proposed"}),
    "accept": frozenset({"proposed"}),
    "withdraw": frozenset({"requested", "committed", "proposed", "declined"}),
}


class StateError(AttuneError):
    """What is agreed so far does not allow the step; ``str()`` says why."""


class DayError(AttuneError):
    """The step cannot be taken with this day; ``str()`` says why."""


def after(before: Agreement | None, action: Action, day: date | None, today: date) -> Agreement | None:
    """What is agreed after the step; None when nothing is any more.

    ``day`` is what a request needs and a proposal offers; a commitment without one is to the day that
    is needed; the other steps take none. Raises StateError and DayError.
    """
    state = before.state if before else "none"
    if state not in _FROM[action]:
        so_far = "nothing is requested" if before is None else f"it is {state}"
        raise StateError(f"This step is {action}, and {so_far}.")
    if before is None or action == "request":
        return Agreement("requested", _coming(day, today), None, today)
    match action:
        case "commit":
            return before._replace(state="committed", date=_promised(before, day, today))
        case "propose":
            return before._replace(state="proposed", date=_offered(before, day, today))
        case "decline":
            return before._replace(state="declined", date=None)
        case "accept":
            return _accepted(before, today)
    return None


def day_of(action: Action, now: Agreement | None) -> date | None:
    """The day that a step which led to ``now`` is about; None for steps that name none."""
    if now is None or action == "decline":
        return None
    return now.needed_by if action == "request" else now.date


def _promised(before: Agreement, day: date | None, today: date) -> date:
    promised = _coming(day or before.needed_by, today)
    if promised > (latest := _latest(before)):
        raise DayError(f"is later than {latest}, the day that is asked for: propose it instead")
    return promised


def _offered(before: Agreement, day: date | None, today: date) -> date:
    offered = _coming(day, today)
    if offered <= (latest := _latest(before)):
        raise DayError(f"is not later than {latest}, the day that is asked for: commit to it instead")
    return offered


def _latest(before: Agreement) -> date:
    """Up to here a day needs nobody's consent any more."""
    if before.state == "committed" and before.date:
        return max(before.needed_by, before.date)
    return before.needed_by


def _accepted(before: Agreement, today: date) -> Agreement:
    if before.date is None or before.date < today:
        raise StateError(f"The proposed day, {before.date}, has passed.")
    return before._replace(state="committed")


def _coming(day: date | None, today: date) -> date:
    if day is None:
        raise DayError("is missing")
    if day < today:
        raise DayError("lies in the past")
    return day
