"""Everything one analysis looks at, read in one transaction; and what it found, written back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from sys import intern
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, select

from service.domain.backlog import Tie
from service.domain.item import Item
from service.store.bulk import write_many
from service.store.dialect import chunks, update_by_key
from service.store.engine import Connection
from service.store.tables import declaration, dod, item, link, pin, reference, source

BLOCKING = ("blocks", "blocked-by")
TYING = ("conflicts", "mirrors", "duplicates")
_AT_ONCE = 2000  # rows


class Derived(NamedTuple):
    """What the last analysis left on an item."""

    position: int | None
    parent: str | None
    goal: str | None
    effective_priority: int | None
    conflicts: int
    body: bytes
    why: str | None


class Claim(NamedTuple):
    """A link as read: ``item`` says it of ``ref``."""

    item: str
    relation: Any
    ref: str
    origin: str
    words: str


_ITEM = [
    item.c.id,
    item.c.key,
    item.c.source,
    item.c.team,
    item.c.kind,
    item.c.title,
    item.c.state,
    item.c.priority,
    item.c.priority_name,
    item.c.start,
    item.c.start_from,
    item.c.due,
    item.c.due_from,
    item.c.created,
    item.c.closed_on,
    item.c.rank,
    reference.c.item.label("parent_item"),
    item.c.labels,
    item.c.components,
]
_DERIVED = [getattr(item.c, name if name != "body" else "derived") for name in Derived._fields]


_QUERY = select(*_ITEM, *_DERIVED).select_from(
    item.outerjoin(reference, reference.c.ref == item.c.parent_ref)
)


class Mark(NamedTuple):
    """What a full analysis keeps of ``Derived``: enough to tell whether it would be another."""

    position: int | None
    digest: int


def digest(derived: Derived) -> int:
    """Differs for what differs, within one process."""
    return hash(derived)


async def items(connection: Connection) -> tuple[dict[str, Item], dict[str, Mark]]:
    """Every item of the backlog with its parent resolved, and a mark of its last analysis. Streams."""
    found: dict[str, Item] = {}
    marks: dict[str, Mark] = {}
    async with connection.stream(_QUERY) as rows:
        async for part in rows.partitions(_AT_ONCE):
            for row in part:
                known, derived = _read(row)
                found[known.id] = known
                marks[known.id] = Mark(derived.position, digest(derived))
    return found, marks


async def some_items(
    connection: Connection, ids: Collection[str]
) -> tuple[dict[str, Item], dict[str, Derived]]:
    """Those of ``ids`` that exist, and what is stored of their analysis."""
    found: dict[str, Item] = {}
    derived: dict[str, Derived] = {}
    for part in chunks(sorted(ids)):
        for row in await connection.execute(_QUERY.where(item.c.id.in_(part))):
            known, said = _read(row)
            found[known.id] = known
            derived[known.id] = said
    return found, derived


def _read(row: Row[Any]) -> tuple[Item, Derived]:
    return _item(tuple(row[: len(_ITEM)])), Derived._make(row[len(_ITEM) :])


def _item(row: tuple[Any, ...]) -> Item:
    """Words that many items share are kept once: a million items are held at a time."""
    item_id, key, source, team, kind, title, state, priority, name = row[:9]
    start, start_from, due, due_from, created, closed, rank, parent, labels, components = row[9:]
    return Item(
        item_id,
        key,
        intern(source),
        intern(team),
        intern(kind),
        title,
        intern(state),
        priority,
        _shared(name),
        _day(start),
        _shared(start_from),
        _day(due),
        _shared(due_from),
        created,
        _day(closed),
        rank,
        parent if parent != item_id else None,
        _words(labels),
        _words(components),
    )


def _shared(word: str | None) -> str | None:
    return None if word is None else intern(word)


@lru_cache(maxsize=65536)
def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=65536)
def _words(text: str) -> tuple[str, ...]:
    return tuple(orjson.loads(text))


async def edges(connection: Connection) -> list[tuple[str, str, str]]:
    """(blocker, dependent, origin) of every link whose both ends are known, and of declarations."""
    query = (
        select(link.c.item, reference.c.item, link.c.relation, link.c.origin)
        .join(reference, reference.c.ref == link.c.ref)
        .where(link.c.relation.in_(BLOCKING))
    )
    found = [
        (here, there, origin) if relation == "blocks" else (there, here, origin)
        for here, there, relation, origin in (await connection.execute(query)).all()
    ]
    declared = select(declaration.c.blocker, declaration.c.dependent)
    found.extend((row[0], row[1], "declared") for row in (await connection.execute(declared)).all())
    return found


async def bare_claims(connection: Connection) -> list[Claim]:
    """Links that mean something and do not say on which site the other end lives."""
    query = select(link.c.item, link.c.relation, link.c.ref, link.c.origin, link.c.words).where(
        link.c.relation.in_((*BLOCKING, *TYING)),
        link.c.ref.like("%:%"),
        link.c.ref.not_like("%://%"),
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
    """By team, the lines of every item that carries a Definition of Done."""
    query = select(item.c.team, item.c.dod).where(item.c.dod.is_not(None)).order_by(item.c.id)
    found: dict[str, list[list[str]]] = {}
    for team, lines in (await connection.execute(query)).all():
        found.setdefault(team, []).append([line["text"] for line in orjson.loads(lines)])
    return found


async def dod_documents(connection: Connection) -> dict[str, list[str]]:
    """By source, the lines of the document that stands for all of it."""
    query = select(source.c.key, source.c.definition_of_done).where(source.c.definition_of_done.is_not(None))
    return {key: orjson.loads(lines) for key, lines in (await connection.execute(query)).all()}


async def pins(connection: Connection) -> list[str]:
    return list((await connection.execute(select(pin.c.item).order_by(pin.c.place))).scalars())


async def save_derived(connection: Connection, rows: Iterable[tuple[str, Derived]]) -> int:
    """How many there were; they are taken and written a few at a time."""
    names = [column.name for column in _DERIVED]
    statement = update_by_key(item, names)
    left, count = iter(rows), 0
    while part := list(islice(left, _AT_ONCE)):
        count += len(part)
        told = [{"id": of, **dict(zip(names, new, strict=True))} for of, new in part]
        await write_many(connection, statement, told)
    return count


async def save_dod(connection: Connection, teams: Mapping[str, tuple[Sequence[str], str]]) -> list[str]:
    """Store each team's Definition of Done; answers the teams whose lines changed."""
    before = {row.team: row.lines for row in (await connection.execute(select(dod))).all()}
    after = {team: orjson.dumps(list(lines)).decode() for team, (lines, _) in teams.items()}
    changed = [team for team, lines in after.items() if before.get(team) != lines]
    if changed or set(before) - set(after):
        await connection.execute(dod.delete())
        await write_many(
            connection,
            dod.insert(),
            [{"team": team, "lines": lines, "origin": teams[team][1]} for team, lines in after.items()],
        )
    return changed
