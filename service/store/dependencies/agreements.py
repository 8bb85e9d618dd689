"""What the two ends of a dependency have agreed, and how they came to it."""

from collections.abc import Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from service.domain.plan.relations import Agreement
from service.store.database.dialect import chunks, insert
from service.store.database.engine import Connection
from service.store.tables import agreement, agreement_step


class Step(NamedTuple):
    at: float
    what: str  # requested, committed, proposed, declined, accepted, withdrawn
    by: str
    day: str | None
    note: str | None


async def binding(connection: Connection, among: Collection[str] | None = None) -> dict[str, Agreement]:
    """By dependency; of all, or of those ``among`` these."""
    c = agreement.c
    query = select(c.dependency, c.state, c.needed_by, c.date, c.asked_on)
    if among is None:
        return {row[0]: _read(row[1:]) for row in await connection.execute(query)}
    found: dict[str, Agreement] = {}
    for part in chunks(sorted(among)):
        rows = await connection.execute(query.where(c.dependency.in_(part)))
        found.update({row[0]: _read(row[1:]) for row in rows})
    return found


def _read(row: Any) -> Agreement:
    state, needed_by, day, asked_on = row
    return Agreement(state, _day(needed_by), _day(day) if day else None, _day(asked_on))


def _day(text: str) -> date:
    return date.fromisoformat(text)


async def save(connection: Connection, dependency: str, told: Agreement, step: Step) -> None:
    """The agreement as it is now, and the step that led there."""
    values = {
        "state": told.state,
        "needed_by": told.needed_by.isoformat(),
        "date": told.date.isoformat() if told.date else None,
        "asked_on": told.asked_on.isoformat(),
    }
    statement = insert(connection, agreement).values(dependency=dependency, **values)
    await connection.execute(statement.on_conflict_do_update(index_elements=["dependency"], set_=values))
    await _note(connection, dependency, step)


async def end(connection: Connection, dependency: str, step: Step) -> None:
    """Nothing is agreed any more; the steps stay, this last one with them."""
    await connection.execute(delete(agreement).where(agreement.c.dependency == dependency))
    await _note(connection, dependency, step)


async def _note(connection: Connection, dependency: str, step: Step) -> None:
    await connection.execute(agreement_step.insert().values(dependency=dependency, **step._asdict()))


async def steps(connection: Connection, dependency: str) -> list[Step]:
    c = agreement_step.c
    query = select(*[c[name] for name in Step._fields]).where(c.dependency == dependency).order_by(c.seq)
    return [Step._make(row) for row in (await connection.execute(query)).all()]
