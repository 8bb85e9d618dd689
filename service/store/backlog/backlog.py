"""Reading the overarching backlog: pages by key, items as the bytes they are stored as."""

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import orjson
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    func,
    not_,
    or_,
    select,
    tuple_,
)

from service.domain.plan.item import OPEN
from service.store.database.dialect import not_a_way_in
from service.store.database.engine import Connection
from service.store.tables import item

Sort = Literal["position", "due", "priority", "updated"]

NOT_ANALYSED = orjson.dumps(
    {
        "effective_priority": None,
        "pinned": False,
        "parent": None,
        "goal": None,
        "blocked_by": [],
        "blocks": [],
    }
)
"""The derived half of an item that no analysis has seen yet."""

_LOWEST = -(2**63)


@dataclass(frozen=True, slots=True)
class Filters:
    """Several values of one field: any of them. ``words`` must all occur in title or key."""

    teams: Sequence[str] = ()
    sources: Sequence[str] = ()
    kinds: Sequence[str] = ()
    states: Sequence[str] = ()  # empty: any
    goals: Sequence[str] = ()
    parents: Sequence[str] = ()
    labels: Sequence[str] = ()
    priority_max: int | None = None
    has_conflicts: bool | None = None
    updated_since: float | None = None
    is_stale: bool | None = None
    stale_before: float = 0.0  # epoch seconds; open items that nobody has touched since are stale
    words: Sequence[str] = ()


class PageEnd(NamedTuple):
    """Where a page ended: the last item's sort value (None: it has none) and id."""

    value: float | str | None
    id: str


class Listed(NamedTuple):
    id: str
    position: int | None  # the sparse key
    sort: float | str | None
    conflicts: int
    is_stale: bool
    record: bytes
    derived: bytes


class LiveFacts(NamedTuple):
    """What stands in neither half of an item's answer: it changes without the item, or with the day.

    ``position`` and ``team_position`` count from 1.
    """

    position: int | None
    team_position: int | None
    conflicts: int
    is_stale: bool


async def page(
    connection: Connection, filters: Filters, sort: Sort, after: PageEnd | None, limit: int
) -> list[Listed]:
    """Items with a sort value in its order, then those without one by id; ``updated``: newest first."""
    stale = is_stale(filters.stale_before)
    query = select(
        item.c.id, item.c.position, _value(sort), item.c.conflicts, stale, item.c.record, item.c.derived
    )
    query = query.where(*_conditions(connection, filters))
    found: list[Any] = []
    if sort == "position" and filters.states and OPEN.isdisjoint(filters.states):
        after = after or PageEnd(None, "")  # only what is open has a position
    if after is None or after.value is not None:
        found += (await connection.execute(_valued(query, connection, sort, after).limit(limit))).all()
        after = None
    if len(found) < limit and sort != "updated":
        found += (
            await connection.execute(_valueless(query, connection, sort, after).limit(limit - len(found)))
        ).all()
    return [
        Listed(row[0], row[1], row[2], row[3], bool(row[4]), bytes(row[5]), bytes(row[6])) for row in found
    ]


def _value(sort: Sort) -> ColumnElement[Any]:
    return item.c[sort]


def _valued(query: Select[Any], connection: Connection, sort: Sort, after: PageEnd | None) -> Select[Any]:
    value, key = _value(sort), binary(connection, item.c.id)
    if sort == "updated":
        if after is not None:
            older = and_(value == after.value, key > after.id)
            query = query.where(value <= after.value, or_(value < after.value, older))
        return query.order_by(value.desc(), key)
    if after is not None:
        query = query.where(value >= after.value, tuple_(value, key) > tuple_(after.value, after.id))
    return query.where(value.is_not(None)).order_by(value, key)


def _valueless(query: Select[Any], connection: Connection, sort: Sort, after: PageEnd | None) -> Select[Any]:
    key = binary(connection, item.c.id)
    if after is not None:
        query = query.where(key > after.id)
    return query.where(_value(sort).is_(None)).order_by(key)


def binary(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Text in the order of its bytes, which is SQLite's own, whatever the database's language."""
    return column if connection.dialect.name == "sqlite" else column.collate("C")


def _conditions(connection: Connection, filters: Filters) -> list[ColumnElement[bool]]:
    c = item.c
    chosen = (
        (c.team, filters.teams),
        (c.source, filters.sources),
        (c.kind, filters.kinds),
        (c.goal, filters.goals),
        (c.parent, filters.parents),
    )
    found: list[ColumnElement[bool]] = [column.in_(values) for column, values in chosen if values]
    if filters.states:
        found.append(_in_state(filters.states))
    if filters.labels:
        found.append(or_(*[_has_label(connection, label) for label in filters.labels]))
    if filters.priority_max is not None:
        found.append(c.priority <= filters.priority_max)
    if filters.has_conflicts is not None:
        found.append(c.conflicts > 0 if filters.has_conflicts else c.conflicts == 0)
    if filters.updated_since is not None:
        found.append(c.updated >= filters.updated_since)
    if filters.is_stale is not None:
        stale = is_stale(filters.stale_before)
        found.append(stale if filters.is_stale else not_(stale))
    found += [or_(_holds(c.title, word), _holds(c.key, word)) for word in filters.words]
    return found


def is_stale(stale_before: float) -> ColumnElement[bool]:
    """As ``domain.plan.staleness`` has it; made when it is answered, for it comes with the day alone."""
    return item.c.is_open.is_(True) & (item.c.updated < stale_before)


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """In any case. SQLite's ``lower`` knows ASCII only: other letters are looked for in each case."""
    spelt = {word.lower(), *(one.translate(_ASCII_LOWER) for one in (word, word.upper(), word.title()))}
    return or_(*[func.lower(column).contains(one, autoescape=True) for one in sorted(spelt)])


_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _in_state(states: Sequence[str]) -> ColumnElement[bool]:
    """Open items are most of a page's candidates: walking the sort's own index beats one on this column,
    which SQLite would choose."""
    if set(states) == OPEN:
        return not_a_way_in(item.c.is_open).is_(True)
    return item.c.state.in_(states)


def _has_label(connection: Connection, label: str) -> ColumnElement[bool]:
    """``labels`` is a JSON list: a label stands in it as JSON text."""
    find = func.instr if connection.dialect.name == "sqlite" else func.strpos
    return find(item.c.labels, orjson.dumps(label).decode()) > 0


async def ordinals(connection: Connection, positions: Sequence[int]) -> dict[int, int]:
    """The place, from 1, that each of these sort keys has in the overarching order."""
    position = item.c.position
    return await _counted(connection, position, position, (), position.in_(positions)) if positions else {}


async def team_positions(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    """The place, from 1, that each of these items has in its team's chain, of those that have one."""
    wanted = item.c.id.in_(ids) & item.c.place.is_not(None)
    return await _counted(connection, item.c.id, item.c.place, (item.c.team, item.c.source), wanted)


async def _counted(
    connection: Connection,
    name: ColumnElement[Any],
    key: ColumnElement[Any],
    chain: Sequence[ColumnElement[Any]],
    wanted: ColumnElement[bool],
) -> dict[Any, int]:
    """By name the place of its key, of those that are wanted, among all of the same chain.

    What lies between two of them is counted once, inside the database, over the index.
    """
    others = item.alias("others")
    earlier = func.lag(key, 1, _LOWEST).over(partition_by=chain or None, order_by=key).label("earlier")
    told = [one.label(f"chain_{number}") for number, one in enumerate(chain)]
    given = select(name.label("name"), key.label("key"), earlier, *told).where(wanted).subquery()
    same = [others.c[one.name] == given.c[label.name] for one, label in zip(chain, told, strict=True)]
    between = select(func.count()).where(
        *same, others.c[key.name] > given.c.earlier, others.c[key.name] <= given.c.key
    )
    steps = select(given, between.scalar_subquery().label("step")).subquery()
    within = [steps.c[label.name] for label in told]
    place = func.sum(steps.c.step).over(partition_by=within or None, order_by=steps.c.key)
    rows = await connection.execute(select(steps.c.name, cast(place, Integer)))
    return {row[0]: row[1] for row in rows}


async def get(connection: Connection, item_id: str, stale_before: float = 0.0) -> Any:
    """None, or ``position``, ``conflicts``, ``is_stale``, ``record``, ``derived`` and ``why`` of one item."""
    c, stale = item.c, is_stale(stale_before).label("is_stale")
    query = select(c.position, c.conflicts, stale, c.record, c.derived, c.why, c.is_open)
    return (await connection.execute(query.where(item.c.id == item_id))).one_or_none()


async def teams_of(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """The team of each of these items that exists."""
    query = select(item.c.id, item.c.team).where(item.c.id.in_(ids))
    return {row[0]: row[1] for row in (await connection.execute(query)).all()}


async def keys_of(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """What people call each of these items."""
    query = select(item.c.id, item.c.key).where(item.c.id.in_(ids))
    return {row[0]: row[1] for row in (await connection.execute(query)).all()}


def join(facts: LiveFacts, record: bytes, derived: bytes, rest: bytes = b"") -> bytes:
    """One item's answer from what is true now and its two halves; ``rest`` is ``,"name":value…``."""
    position, in_team = (b"null" if place is None else b"%d" % place for place in facts[:2])
    analysed = NOT_ANALYSED if derived == b"{}" else derived
    return b'{"position":%b,"team_position":%b,"conflicts":%d,"stale":%b,%b,%b%b}' % (
        position,
        in_team,
        facts.conflicts,
        b"true" if facts.is_stale else b"false",
        record[1:-1],
        analysed[1:-1],
        rest,
    )
