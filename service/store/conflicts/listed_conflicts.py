"""Conflicts as people read them, in the rulebook's order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, RowMapping, func, select

from service.domain.conflict.lifecycle import OPEN_CONFLICTS
from service.store.database.engine import Connection
from service.store.tables import conflict, conflict_history, conflict_item, conflict_team


@dataclass(frozen=True, slots=True)
class Filters:
    """Several values of one field: any of them. ``since``: changed at or after, epoch seconds."""

    teams: Sequence[str] = ()
    kinds: Sequence[str] = ()
    severities: Sequence[str] = ()
    states: Sequence[str] = OPEN_CONFLICTS
    items: Sequence[str] = ()
    goals: Sequence[str] = ()
    since: float | None = None


class Step(NamedTuple):
    at: float
    what: str
    by: str
    note: str | None


async def page(
    connection: Connection, filters: Filters, after: str | None, limit: int
) -> Sequence[RowMapping]:
    """``after``: the ``sort`` of the last conflict of the page before."""
    key = conflict.c.sort if connection.dialect.name == "sqlite" else conflict.c.sort.collate("C")
    query = select(conflict).where(*_conditions(filters)).order_by(key).limit(limit)
    if after is not None:
        query = query.where(key > after)
    return (await connection.execute(query)).mappings().all()


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    c = conflict.c
    chosen = (
        (c.kind, filters.kinds),
        (c.severity, filters.severities),
        (c.state, filters.states),
        (c.goal, filters.goals),
    )
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in chosen if values]
    if filters.teams:
        of_team = select(conflict_team.c.conflict).where(conflict_team.c.team.in_(filters.teams))
        found.append(c.id.in_(of_team))
    if filters.items:
        of_item = select(conflict_item.c.conflict).where(conflict_item.c.item.in_(filters.items))
        found.append(c.id.in_(of_item))
    if filters.since is not None:
        found.append(c.changed_at >= filters.since)
    return found


async def get(connection: Connection, conflict_id: str) -> RowMapping | None:
    query = select(conflict).where(conflict.c.id == conflict_id)
    return (await connection.execute(query)).mappings().one_or_none()


async def history(connection: Connection, conflict_id: str) -> list[Step]:
    c = conflict_history.c
    query = select(c.at, c.what, c.by, c.note).where(c.conflict == conflict_id).order_by(c.seq)
    return [Step(*row) for row in (await connection.execute(query)).all()]


async def counts(connection: Connection) -> list[tuple[str, str, int]]:
    """(state, severity, how many)."""
    query = select(conflict.c.state, conflict.c.severity, func.count())
    rows = (await connection.execute(query.group_by(conflict.c.state, conflict.c.severity))).all()
    return [(row[0], row[1], row[2]) for row in rows]


async def counts_by_team(connection: Connection) -> dict[str, dict[str, int]]:
    """By team, open and acknowledged conflicts by severity."""
    query = (
        select(conflict_team.c.team, conflict.c.severity, func.count())
        .join(conflict, conflict.c.id == conflict_team.c.conflict)
        .where(conflict.c.state.in_(OPEN_CONFLICTS))
        .group_by(conflict_team.c.team, conflict.c.severity)
    )
    found: dict[str, dict[str, int]] = {}
    for team, severity, count in (await connection.execute(query)).all():
        found.setdefault(team, {})[severity] = count
    return found
