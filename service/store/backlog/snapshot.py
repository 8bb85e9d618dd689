"""Everything one analysis looks at, read in one transaction; and what it found, written back."""

import asyncio
import hashlib
from array import array
from collections.abc import AsyncGenerator, Collection, Iterable, Mapping, Sequence
from contextlib import aclosing
from itertools import islice
from typing import Any, NamedTuple

import orjson
from sqlalchemy import BigInteger, BindParameter, bindparam, case, cast, func, select

from connectors.reference import HAS_SITE
from service.domain.plan.item import Item
from service.domain.plan.relations import Tie
from service.store.backlog.columns import ITEM, Reader
from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, gathered, update_by_key
from service.store.database.engine import Connection
from service.store.naming.claims import BLOCKING, TYING, Claim
from service.store.tables import declaration, dod, item, link, pin, reference, source

ROWS_READ_AT_ONCE = 10_000
ROWS_WRITTEN_AT_ONCE = 1000


class Derived(NamedTuple):
    """What the last analysis left on an item."""

    position: int | None
    place: int | None
    parent: str | None
    goal: str | None
    effective_priority: int | None
    conflicts: int
    body: bytes
    why: str | None


NO_KEY = -(2**63)
"""Stands for no position, or no place, where a million of them are held as numbers."""


class Marks(NamedTuple):
    """What a full analysis keeps of ``Derived``, in the order of the items: would it be another?"""

    positions: "array[int]"
    places: "array[int]"
    digests: "array[int]"


_DERIVED = [getattr(item.c, name if name != "body" else "derived") for name in Derived._fields]
_MARKS = [item.c.position, item.c.place, item.c.digest]
_QUERY = select(*ITEM, *_DERIVED).select_from(item.outerjoin(reference, reference.c.ref == item.c.parent_ref))
_MICROSECONDS = cast(func.round(item.c.created * 1_000_000), BigInteger)
_PARENT = select(reference.c.item).where(reference.c.ref == item.c.parent_ref).scalar_subquery()
"""One by one: for a part of the items a join might go through all references."""
_TOLD = dict(zip(Item._fields, ITEM, strict=True)) | {"created": _MICROSECONDS, "parent": _PARENT}
_MARKED = select(*(column.label(name) for name, column in _TOLD.items()), *_MARKS)
_CREATED = Item._fields.index("created")


def digest(derived: Derived) -> int:
    """Differs for what differs. Never 0, which stands for nothing stored."""
    why = (derived.why or "").encode()
    text = b"%b\n%b\n%b" % (orjson.dumps(derived[:6]), why, derived.body)
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), signed=True) or 1


async def items(connection: Connection) -> tuple[dict[str, Item], Marks]:
    """Every item of the backlog by id, with its parent resolved, and marks of its last analysis. Streams."""
    found: dict[str, Item] = {}
    marks = Marks(array("q"), array("q"), array("q"))
    reader = Reader()
    async with aclosing(_gathered(connection)) as parts:
        async for part in parts:
            part[_CREATED] = [moment / 1_000_000 for moment in part[_CREATED]]
            known = reader.items(part)
            found.update(zip(part[0], known, strict=True))
            for mark, told, nothing in zip(marks, part[len(ITEM) :], (NO_KEY, NO_KEY, 0), strict=True):
                mark.extend([nothing if one is None else one for one in told])
    return found, marks


async def _gathered(connection: Connection) -> AsyncGenerator[list[list[Any]], None]:
    """Columns of some items after the other. The next are asked for while those before are worked on."""
    after: BindParameter[str] = bindparam("after", "")
    part = _MARKED.where(item.c.id > after).order_by(item.c.id).limit(ROWS_READ_AT_ONCE).subquery()
    query = select(func.max(part.c.id), *(gathered(one, connection) for one in part.c))
    asking = asyncio.ensure_future(connection.execute(query))
    try:
        while (row := (await asking).one())[0] is not None:
            asking = asyncio.ensure_future(connection.execute(query, {"after": row[0]}))
            await asyncio.sleep(0)
            yield [orjson.loads(column) for column in row[1:]]
    finally:
        await asyncio.wait([asking])


async def some_items(
    connection: Connection, ids: Collection[str]
) -> tuple[dict[str, Item], dict[str, Derived]]:
    """Those of ``ids`` that exist, and what is stored of their analysis."""
    found: dict[str, Item] = {}
    said: dict[str, Derived] = {}
    reader = Reader()
    for part in chunks(sorted(ids)):
        rows = (await connection.execute(_QUERY.where(item.c.id.in_(part)))).all()
        if not rows:
            continue
        columns = list(zip(*rows, strict=True))
        known, derived = reader.items(columns), columns[len(ITEM) :]
        found.update((one.id, one) for one in known)
        said.update(
            (one.id, Derived._make(told)) for one, told in zip(known, zip(*derived, strict=True), strict=True)
        )
    return found, said


async def edges(connection: Connection) -> list[tuple[str, str, str]]:
    """(blocker, dependent, origin) of every link whose both ends are known, and of declarations."""
    here, there, is_told_by_blocker = link.c.item, reference.c.item, link.c.relation == "blocks"
    told = (
        select(
            case((is_told_by_blocker, here), else_=there).label("blocker"),
            case((is_told_by_blocker, there), else_=here).label("dependent"),
            link.c.origin,
        )
        .join(reference, reference.c.ref == link.c.ref)
        .where(link.c.relation.in_(BLOCKING))
        .subquery()
    )
    row = (await connection.execute(select(*(gathered(one, connection) for one in told.c)))).one()
    found = list(zip(*map(orjson.loads, row), strict=True))
    declared = select(declaration.c.blocker, declaration.c.dependent)
    found.extend((row[0], row[1], "declared") for row in (await connection.execute(declared)).all())
    return found


async def bare_claims(connection: Connection) -> list[Claim]:
    """Links that mean something and do not say on which site the other end lives."""
    query = select(link.c.item, link.c.relation, link.c.ref, link.c.origin, link.c.words).where(
        link.c.relation.in_((*BLOCKING, *TYING)),
        link.c.ref.not_like(HAS_SITE),
    )
    return [Claim._make(row) for row in (await connection.execute(query)).all()]


async def ties(connection: Connection) -> list[Tie]:
    """Links that mean something but no dependency, whose both ends are known."""
    query = (
        select(link.c.item, reference.c.item, link.c.relation, link.c.origin, link.c.words)
        .join(reference, reference.c.ref == link.c.ref)
        .where(link.c.relation.in_(TYING))
    )
    return [Tie._make(row) for row in (await connection.execute(query)).all()]


async def dod_lines(connection: Connection) -> dict[str, list[list[str]]]:
    """By team, the lines of every item that carries a Definition of Done; optional ones are no part of it."""
    query = select(item.c.team, item.c.dod).where(item.c.dod.is_not(None)).order_by(item.c.id)
    found: dict[str, list[list[str]]] = {}
    for team, lines in (await connection.execute(query)).all():
        own = [line["text"] for line in orjson.loads(lines) if not line.get("optional")]
        found.setdefault(team, []).append(own)
    return found


async def dod_documents(connection: Connection) -> dict[str, list[str]]:
    """By source, the lines of the document that stands for all of it."""
    query = select(source.c.key, source.c.definition_of_done).where(source.c.definition_of_done.is_not(None))
    return {key: orjson.loads(lines) for key, lines in (await connection.execute(query)).all()}


async def pins(connection: Connection) -> list[str]:
    return list((await connection.execute(select(pin.c.item).order_by(pin.c.place))).scalars())


async def save_derived(connection: Connection, rows: Iterable[tuple[str, Derived, int]]) -> int:
    """Of items, what is derived and its digest; how many there were.

    They are taken a few at a time, in a thread, while those before them are written.
    """
    names = ["id", *(column.name for column in _DERIVED), "digest"]
    statement = update_by_key(item, names[1:])
    left = iter(rows)

    def taken() -> list[dict[str, Any]]:
        return [
            dict(zip(names, (of, *new, told), strict=True))
            for of, new, told in islice(left, ROWS_WRITTEN_AT_ONCE)
        ]

    count, writing = 0, None
    try:
        while part := await asyncio.to_thread(taken):
            if writing is not None:
                await writing
            writing = asyncio.create_task(write_many(connection, statement, part))
            count += len(part)
    finally:
        if writing is not None:
            await writing
    return count


class SavedDod(NamedTuple):
    """``teams`` are those whose lines changed; ``has_changed``: lines, or where they are from."""

    teams: Sequence[str]
    has_changed: bool


async def save_dod(connection: Connection, teams: Mapping[str, tuple[Sequence[str], str]]) -> SavedDod:
    """Store each team's Definition of Done and where it is from."""
    before = {row.team: (row.lines, row.origin) for row in (await connection.execute(select(dod))).all()}
    after = {team: (orjson.dumps(list(lines)).decode(), origin) for team, (lines, origin) in teams.items()}
    if before != after:
        await connection.execute(dod.delete())
        rows = [{"team": team, "lines": lines, "origin": origin} for team, (lines, origin) in after.items()]
        await write_many(connection, dod.insert(), rows)
    changed = [team for team, (lines, _) in after.items() if team not in before or before[team][0] != lines]
    return SavedDod(changed, before != after)
