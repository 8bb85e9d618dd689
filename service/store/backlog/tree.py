"""Epics with what lies under them, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import CTE, ColumnElement, case, func, literal, select, tuple_

from service.store.backlog.backlog import binary
from service.store.backlog.overview import Rollup
from service.store.database.dialect import not_a_way_in
from service.store.database.engine import Connection
from service.store.tables import item

LAST = 2**62  # where an epic without a position sorts

_CONTAINERS = ("epic", "initiative")


class Epic(NamedTuple):
    rank: int  # of its goal; those without one come last
    place: int
    id: str
    goal: str | None
    key: str
    team: str
    title: str
    state: str
    priority: int | None
    start: str | None
    due: str | None
    conflicts: int


class Issue(NamedTuple):
    epic: str
    id: str
    key: str
    team: str
    title: str
    kind: str
    state: str
    priority: int | None
    start: str | None
    due: str | None
    conflicts: int


@dataclass(frozen=True, slots=True)
class Filters:
    """``goals``: every goal of the product in its order, which ranks the epics."""

    goals: Sequence[str]
    chosen: Sequence[str] = ()
    teams: Sequence[str] = ()
    is_open_only: bool = True


_ISSUE = [getattr(item.c, name) for name in Issue._fields[1:]]
_EPIC = [getattr(item.c, name) for name in Epic._fields[2:]]


async def epics(
    connection: Connection, filters: Filters, after: tuple[int, int, str] | None, limit: int
) -> list[Epic]:
    """By goal, then position, then id; after the (rank, place, id) of the last one seen."""
    rank = _rank(filters.goals)
    place = func.coalesce(item.c.position, LAST)
    key = tuple_(rank, place, binary(connection, item.c.id))
    query = select(rank, place, *_EPIC).where(item.c.kind == "epic")
    if filters.chosen:
        query = query.where(item.c.goal.in_(filters.chosen))
    if filters.teams:
        query = query.where(item.c.team.in_(filters.teams))
    if filters.is_open_only:
        query = query.where(not_a_way_in(item.c.is_open).is_(True))
    if after is not None:
        query = query.where(key > tuple_(*(literal(part) for part in after)))
    query = query.order_by(rank, place, binary(connection, item.c.id)).limit(limit)
    return [Epic(*row) for row in (await connection.execute(query)).all()]


def _rank(goals: Sequence[str]) -> ColumnElement[int]:
    if not goals:
        return literal(0)
    return case({goal: n for n, goal in enumerate(goals)}, value=item.c.goal, else_=len(goals))


async def rollups(connection: Connection, ids: Sequence[str]) -> list[Rollup]:
    """Of the issues at any depth under these epics."""
    under = _under(ids)
    query = (
        select(under.c.epic, item.c.state, func.count(), func.min(item.c.start), func.max(item.c.due))
        .join(item, item.c.id == under.c.id)
        .group_by(under.c.epic, item.c.state)
    )
    return [Rollup(*row) for row in (await connection.execute(query)).all()]


async def issues(connection: Connection, ids: Sequence[str], most: int) -> list[Issue]:
    """The first ``most`` issues of each of these epics, by position; closed ones last."""
    under = _under(ids)
    order: tuple[Any, ...] = (func.coalesce(item.c.position, LAST), binary(connection, item.c.id))
    number = func.row_number().over(partition_by=under.c.epic, order_by=order).label("n")
    ranked = select(under.c.epic, *_ISSUE, number).join(item, item.c.id == under.c.id).subquery()
    columns = [ranked.c[name] for name in Issue._fields]
    query = select(*columns).where(ranked.c.n <= most).order_by(ranked.c.epic, ranked.c.n)
    return [Issue(*row) for row in (await connection.execute(query)).all()]


def _under(ids: Sequence[str]) -> CTE:
    """(epic, id) of every issue at any depth; UNION, so that a circle of parents ends."""
    child = item.alias("child")
    first = select(item.c.id.label("epic"), child.c.id).join(child, child.c.parent == item.c.id)
    under = first.where(item.c.id.in_(ids), child.c.kind.not_in(_CONTAINERS)).cte("under", recursive=True)
    deeper = item.alias("deeper")
    further = select(under.c.epic, deeper.c.id).join(deeper, deeper.c.parent == under.c.id)
    return under.union(further.where(deeper.c.kind.not_in(_CONTAINERS)))
