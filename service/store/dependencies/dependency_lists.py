"""Reading dependencies: lists, the graph of an item, team against team; and declarations."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Row, case, delete, func, or_, select

from service.store.database.dialect import chunks, insert_once
from service.store.database.engine import Connection
from service.store.tables import declaration, dependency, item

NODES_PER_GRAPH = 2000  # nodes of one graph


@dataclass(frozen=True, slots=True)
class Filters:
    """``teams``: either end. ``origins``: any of them."""

    teams: Sequence[str] = ()
    cross_team: bool | None = None
    origins: Sequence[str] = ()
    healths: Sequence[str] = ()


class ListedDependency(NamedTuple):
    id: str
    blocker: str
    dependent: str
    origins: tuple[str, ...]
    cross_team: bool
    health: str


class Node(NamedTuple):
    id: str
    key: str
    team: str
    title: str
    kind: str
    state: str
    start: str | None
    due: str | None


class Cell(NamedTuple):
    """Open edges on which ``team`` waits for ``on``."""

    team: str
    on: str
    open: int
    not_ok: int


@dataclass(frozen=True, slots=True)
class DependencyGraph:
    nodes: Sequence[Node]
    edges: Sequence[ListedDependency]
    truncated: bool


def _edge(row: Row[Any]) -> ListedDependency:
    """Of the columns in ``_EDGE``: the table has the origins as a JSON list."""
    stored = ListedDependency._make(row)
    return stored._replace(origins=tuple(orjson.loads(row.origins)))


_EDGE = [getattr(dependency.c, name) for name in ListedDependency._fields]
_NODE = [getattr(item.c, name) for name in Node._fields]


async def page(
    connection: Connection, filters: Filters, after: str | None, limit: int
) -> list[ListedDependency]:
    """By id; ids are of ASCII letters, digits and an underscore at one place, so every order agrees."""
    query = select(*_EDGE).where(*_conditions(filters)).order_by(dependency.c.id).limit(limit)
    if after is not None:
        query = query.where(dependency.c.id > after)
    return [_edge(row) for row in await connection.execute(query)]


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    c = dependency.c
    found: list[ColumnElement[bool]] = []
    if filters.teams:
        found.append(or_(c.blocker_team.in_(filters.teams), c.dependent_team.in_(filters.teams)))
    if filters.cross_team is not None:
        found.append(c.cross_team.is_(filters.cross_team))
    if filters.origins:
        found.append(or_(*[c.origins.contains(f'"{origin}"') for origin in filters.origins]))
    if filters.healths:
        found.append(c.health.in_(filters.healths))
    return found


async def get(connection: Connection, dependency_id: str) -> ListedDependency | None:
    row = (await connection.execute(select(*_EDGE).where(dependency.c.id == dependency_id))).one_or_none()
    return None if row is None else _edge(row)


async def matrix(connection: Connection) -> list[Cell]:
    c = dependency.c
    query = (
        select(c.dependent_team, c.blocker_team, func.count(), func.sum(case((c.health == "ok", 0), else_=1)))
        .where(c.is_open.is_(True))
        .group_by(c.dependent_team, c.blocker_team)
    )
    return [Cell(*row) for row in (await connection.execute(query)).all()]


async def health_counts(connection: Connection) -> dict[str, int]:
    """How many open dependencies are ok, at risk, broken."""
    c = dependency.c
    query = select(c.health, func.count()).where(c.is_open.is_(True)).group_by(c.health)
    return {row[0]: row[1] for row in (await connection.execute(query)).all()}


async def read_graph(connection: Connection, item_id: str, depth: int) -> DependencyGraph:
    """What the item needs and what needs it, up to ``depth`` steps each way; at most NODES_PER_GRAPH."""
    up, up_cut = await _reach(connection, item_id, depth, dependency.c.dependent, dependency.c.blocker)
    down, down_cut = await _reach(connection, item_id, depth, dependency.c.blocker, dependency.c.dependent)
    ids = {item_id, *up, *down}
    edges = await _between(connection, ids)
    return DependencyGraph(await nodes(connection, ids), edges, up_cut or down_cut)


async def nodes(connection: Connection, ids: Collection[str]) -> list[Node]:
    """Sorted by id; without those that are no items."""
    found: list[Node] = []
    for part in chunks(sorted(ids)):
        rows = await connection.execute(select(*_NODE).where(item.c.id.in_(part)))
        found += [Node(*row) for row in rows.all()]
    return sorted(found)


async def _reach(
    connection: Connection, start: str, depth: int, near: ColumnElement[Any], far: ColumnElement[Any]
) -> tuple[set[str], bool]:
    """One direction, breadth first; and whether there is more than it may hold."""
    found, frontier = {start}, [start]
    for _ in range(depth):
        following: set[str] = set()
        for part in chunks(frontier):
            rows = await connection.execute(select(far).where(near.in_(part)).distinct())
            following.update(rows.scalars())
        frontier = sorted(following - found)
        if len(found) + len(frontier) > NODES_PER_GRAPH // 2:
            return found | set(frontier[: NODES_PER_GRAPH // 2 - len(found)]), True
        if not frontier:
            return found, False
        found.update(frontier)
    return found, False


async def _between(connection: Connection, ids: Collection[str]) -> list[ListedDependency]:
    found: list[ListedDependency] = []
    for part in chunks(sorted(ids)):
        rows = await connection.execute(select(*_EDGE).where(dependency.c.dependent.in_(part)))
        found += [_edge(row) for row in rows if row.blocker in ids]
    return sorted(found)


async def declare(
    connection: Connection, dependency_id: str, blocker: str, dependent: str, by: str, now: float
) -> bool:
    """False when it was declared before: then it stays whose it was."""
    values = {"id": dependency_id, "blocker": blocker, "dependent": dependent, "by": by, "at": now}
    return await insert_once(connection, declaration, **values)


async def take_back(connection: Connection, dependency_id: str) -> bool:
    """Whether it was declared."""
    statement = delete(declaration).where(declaration.c.id == dependency_id)
    return (await connection.execute(statement)).rowcount > 0
