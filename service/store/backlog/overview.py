"""Counts over the whole backlog: by team, goal and source; and the stored Definitions of Done."""

from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, and_, case, func, select

from service.store.backlog.backlog import is_stale
from service.store.database.engine import Connection
from service.store.tables import dod, item

_ISSUE = item.c.kind.not_in(("epic", "initiative"))


class Load(NamedTuple):
    """``serving``: open items that serve a goal."""

    team: str
    items: int
    open: int
    serving: int
    with_dates: int  # open items with a due date


async def loads(connection: Connection) -> dict[str, Load]:
    """By team."""
    c = item.c
    is_open = c.is_open.is_(True)
    query = select(
        c.team,
        func.count(),
        _count(is_open),
        _count(and_(is_open, c.goal.is_not(None))),
        _count(and_(is_open, c.due.is_not(None))),
    ).group_by(c.team)
    return {row[0]: Load(*row) for row in (await connection.execute(query)).all()}


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


async def items_by_source(connection: Connection) -> list[tuple[str, str, int]]:
    """(source, state, how many)."""
    query = select(item.c.source, item.c.state, func.count()).group_by(item.c.source, item.c.state)
    return [(row[0], row[1], row[2]) for row in (await connection.execute(query)).all()]


async def stale_by_source(connection: Connection, stale_before: float) -> dict[str, int]:
    """Of each source, how many open items nobody has touched since ``stale_before``, epoch seconds."""
    query = select(item.c.source, func.count()).where(is_stale(stale_before)).group_by(item.c.source)
    return {row[0]: row[1] for row in await connection.execute(query)}


class Coverage(NamedTuple):
    """Of one source's open items, how many say what the rules ask for; and blockers that are hidden."""

    source: str
    open: int
    due: int
    start: int
    priority: int
    order: int  # in their team's own order
    dod: int
    hidden: int  # blockers that the tracker counts and does not list


async def coverages(connection: Connection) -> dict[str, Coverage]:
    """By source."""
    c = item.c
    told = [_count(column.is_not(None)) for column in (c.due, c.start, c.priority, c.rank, c.dod)]
    query = select(c.source, func.count(), *told, func.sum(c.hidden_blockers))
    rows = await connection.execute(query.where(c.is_open.is_(True)).group_by(c.source))
    return {row[0]: Coverage(*row) for row in rows.all()}


class GoalTeam(NamedTuple):
    goal: str
    team: str
    open: int
    epics: int


async def goal_teams(connection: Connection) -> list[GoalTeam]:
    """Who works on which goal: open items and open epics."""
    c = item.c
    query = (
        select(c.goal, c.team, func.count(), _count(c.kind == "epic"))
        .where(c.goal.is_not(None), c.is_open.is_(True))
        .group_by(c.goal, c.team)
        .order_by(c.goal, c.team)
    )
    return [GoalTeam(*row) for row in (await connection.execute(query)).all()]


class Rollup(NamedTuple):
    """Issues (epics and initiatives not counted) of one state under one node."""

    node: str | None
    state: str
    count: int  # type: ignore[assignment]  # not the method of tuples
    start: str | None  # the earliest
    due: str | None  # the latest


async def goal_rollups(connection: Connection) -> list[Rollup]:
    c = item.c
    query = select(c.goal, c.state, func.count(), func.min(c.start), func.max(c.due))
    rows = await connection.execute(query.where(_ISSUE).group_by(c.goal, c.state))
    return [Rollup(*row) for row in rows.all()]


async def definitions_of_done(connection: Connection) -> dict[str, tuple[list[str], Any]]:
    """By team: its lines and where they came from."""
    rows = (await connection.execute(select(dod))).all()
    return {row.team: (orjson.loads(row.lines), row.origin) for row in rows}
