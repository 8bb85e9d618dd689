"""What people decide about a conflict: who, when and why is kept, and told in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from service.domain.notification.event import Event
from service.errors import AttuneError, NotFound
from service.flow.context import Context
from service.flow.product_plan import in_product_order
from service.flow.telling.conflict_event import conflict_event
from service.flow.telling.deadline import escalates_from
from service.flow.unit_of_work import unit_of_work
from service.store.conflicts import listed_conflicts as conflicts
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import RowMapping
from service.store.process import revision

Action = Literal["acknowledge", "accept", "reopen", "comment"]


@dataclass(frozen=True, slots=True)
class Decision:
    """``by`` names the person or token; ``until`` is for accepting only."""

    action: Action
    by: str
    note: str | None = None
    until: date | None = None


class DecisionError(AttuneError):
    """The conflict's state does not allow it; ``str()`` says why."""


_FROM: Mapping[Action, frozenset[str]] = {
    "acknowledge": frozenset({"open", "acknowledged"}),
    "accept": frozenset({"open", "acknowledged", "accepted"}),
    "reopen": frozenset({"acknowledged", "accepted", "open"}),
    "comment": frozenset({"open", "acknowledged", "accepted", "resolved"}),
}
_TO: Mapping[Action, str] = {"acknowledge": "acknowledged", "accept": "accepted", "reopen": "open"}
_EVENT: Mapping[Action, str] = {
    "acknowledge": "conflict.acknowledged",
    "accept": "conflict.accepted",
    "reopen": "conflict.reopened",
}


async def decide(context: Context, conflict_id: str, decision: Decision) -> None:
    """Raises NotFound for an unknown conflict, DecisionError when its state does not allow the action.

    Doing again what is done already changes and tells nothing; a new reason or date for an
    acceptance is a decision of its own.
    """
    now = context.clock()
    async with unit_of_work(context) as work:
        connection = work.connection
        await revision.after_analysis(connection)  # it would write back the state that it has read
        row = await conflicts.get(connection, conflict_id)
        if row is None:
            raise NotFound("conflict", conflict_id)
        if row["state"] not in _FROM[decision.action]:
            raise DecisionError(f"A conflict that is {row['state']} cannot be changed by {decision.action}.")
        target = _TO.get(decision.action, row["state"])
        if target == row["state"] and decision.action not in ("accept", "comment"):
            return
        values = _values(context, decision, row, now)
        await findings.change(connection, conflict_id, values)
        what = _TO.get(decision.action, "commented") if decision.action != "reopen" else "reopened"
        await findings.note(connection, [conflict_id], what, now, decision.by, [_note(decision)])
        if decision.action in _EVENT:
            teams = (await findings.teams_of(connection, [conflict_id])).get(conflict_id, ())
            concerned = in_product_order(context.product, teams)
            work.publish([_event(decision, {**row, "state": target}, concerned, now)])
        if target != row["state"]:
            items = await findings.items_of(connection, [conflict_id])
            work.touch(items.get(conflict_id, ()))  # items count their open conflicts
            work.enqueue("rejudge", "rejudge")
        work.change_answers()


def _values(context: Context, decision: Decision, row: RowMapping, now: float) -> dict[str, Any]:
    """The time in which it would escalate ends when somebody takes it up, and begins anew with it."""
    if decision.action == "comment":
        return {"changed_at": now}
    accepted = decision.action == "accept"
    values = {
        "state": _TO[decision.action],
        "accepted_until": decision.until.isoformat() if accepted and decision.until else None,
        "accepted_severity": row["severity"] if accepted else None,
        "escalates_at": None,
        "changed_at": now,
    }
    if decision.action != "reopen":
        return values
    fresh = escalates_from(context.product, row["kind"], row["severity"], now)
    return values | {"escalates_at": fresh, "escalated_at": None}


def _note(decision: Decision) -> str | None:
    if decision.until is None:
        return decision.note
    return f"{decision.note} (until {decision.until})"


def _event(decision: Decision, row: Mapping[str, Any], teams: Sequence[str], now: float) -> Event:
    until = decision.until.isoformat() if decision.until else None
    return conflict_event(
        _EVENT[decision.action], row, teams, now, by=decision.by, note=decision.note, until=until
    )
