"""Two teams agree on a dependency between them; every step is judged before it is answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from service.domain.conflict.agreement import DONE, Action, StateError, after, day_of
from service.domain.conflict.agreement_words import title
from service.domain.notification.event import Event
from service.domain.plan.item import OPEN
from service.domain.plan.relations import Agreement
from service.errors import NotFound
from service.flow.analysis.rejudge import judge_changes
from service.flow.context import Context
from service.flow.product_plan import owners, plan_of
from service.flow.unit_of_work import unit_of_work
from service.store.database.engine import Connection
from service.store.dependencies import agreements
from service.store.dependencies import dependency_lists as edges
from service.store.dependencies.agreements import Step
from service.store.dependencies.dependency_lists import Node
from service.store.telling import events


@dataclass(frozen=True, slots=True)
class Move:
    """``by`` names the person or token; ``day`` is for a request, a commitment or a proposal."""

    action: Action
    by: str
    day: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Ends:
    """The two items of a dependency as they are now."""

    blocker: Node
    dependent: Node

    @property
    def crosses_teams(self) -> bool:
        return self.blocker.team != self.dependent.team

    @property
    def are_open(self) -> bool:
        return self.blocker.state in OPEN and self.dependent.state in OPEN


async def ends_of(connection: Connection, dependency: str) -> Ends | None:
    """None for an unknown dependency, or one that lost an item since it was judged."""
    edge = await edges.get(connection, dependency)
    if edge is None:
        return None
    found = {one.id: one for one in await edges.nodes(connection, [edge.blocker, edge.dependent])}
    if len(found) < 2:
        return None
    return Ends(found[edge.blocker], found[edge.dependent])


async def agree(context: Context, dependency: str, move: Move) -> None:
    """Raises NotFound for an unknown dependency, StateError and DayError as conflict/agreement.py does.

    Steps wait for each other, so that each is judged by what the one before it left.
    """
    now = context.clock()
    async with unit_of_work(context) as work:
        connection = work.connection
        await events.take_turn(connection)
        ends = await ends_of(connection, dependency)
        if ends is None:
            raise NotFound("dependency", dependency)
        _check(ends, move)
        before = (await agreements.binding(connection, [dependency])).get(dependency)
        told = after(before, move.action, move.day, context.today)
        await _store(connection, dependency, told, _step(move, told, now))
        about = cast(Agreement, told or before)  # only what was agreed can be withdrawn
        work.publish([_event(context, dependency, ends, move, about)])
        work.touch([ends.blocker.id, ends.dependent.id])
    await judge_changes(context)


def _check(ends: Ends, move: Move) -> None:
    if move.action == "withdraw":
        return
    if not ends.crosses_teams:
        raise StateError("Both items belong to one team: there is nobody to agree with.")
    if not ends.are_open:
        raise StateError("One of the two items is closed: there is nothing left to agree on.")


def _step(move: Move, told: Agreement | None, now: float) -> Step:
    day = day_of(move.action, told)
    return Step(now, DONE[move.action], move.by, day.isoformat() if day else None, move.note)


async def _store(connection: Connection, dependency: str, told: Agreement | None, step: Step) -> None:
    if told is None:
        await agreements.end(connection, dependency, step)
    else:
        await agreements.save(connection, dependency, told, step)


def _event(context: Context, dependency: str, ends: Ends, move: Move, about: Agreement) -> Event:
    """``about``: what is agreed now, of a withdrawal what was."""
    teams = tuple(dict.fromkeys((ends.blocker.team, ends.dependent.team)))
    return Event(
        type=f"agreement.{DONE[move.action]}",
        at=context.clock(),
        teams=teams,
        data={
            "title": _title(context, ends, move.action, about),
            "owners": owners(context.product, teams),
            "dependency": dependency,
            "blocker": _told(ends.blocker),
            "dependent": _told(ends.dependent),
            "state": about.state if move.action != "withdraw" else "none",
            "needed_by": about.needed_by.isoformat(),
            "date": about.date.isoformat() if about.date else None,
            "by": move.by,
            "note": move.note,
        },
    )


def _title(context: Context, ends: Ends, action: Action, about: Agreement) -> str:
    plan = plan_of(context.product, context.today)
    names = {
        "blocker": ends.blocker.key,
        "dependent": ends.dependent.key,
        "asked": plan.team_name(ends.blocker.team),
        "asker": plan.team_name(ends.dependent.team),
    }
    return title(action, about, names, context.product.product.language)


def _told(node: Node) -> dict[str, Any]:
    return {name: getattr(node, name) for name in ("id", "key", "title", "team")}
