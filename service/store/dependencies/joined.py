"""What lies around a few items: their links both ways, and the open dependencies that join them to others."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import or_, select

from connectors.reference import HAS_SITE, parse
from service.errors import AttuneError
from service.store.database.dialect import chunks
from service.store.database.engine import Connection
from service.store.naming.claims import BLOCKING, Claim
from service.store.tables import declaration, dependency, link, reference

MOST = 5000  # items of one neighbourhood


class TooLargeError(AttuneError):
    """What a change can touch is so much that everything may as well be judged again."""


class Stored(NamedTuple):
    """A dependency as the last analysis left it."""

    id: str
    blocker: str
    dependent: str
    origins: str  # JSON list
    is_open: bool

    @property
    def pair(self) -> tuple[str, str]:
        return self.blocker, self.dependent


async def links_of(connection: Connection, ids: Collection[str]) -> list[tuple[str, str, str]]:
    """(blocker, dependent, origin) of links that say it of, or at, one of these; ends known.

    Each end is asked for alone: of two in one question SQLite looks at every link.
    """
    links: set[tuple[str, str, str]] = set()
    query = select(link.c.item, reference.c.item, link.c.relation, link.c.origin).join(
        reference, reference.c.ref == link.c.ref
    )
    for part in chunks(sorted(ids)):
        for end in (link.c.item, reference.c.item):
            rows = await connection.execute(query.where(link.c.relation.in_(BLOCKING), end.in_(part)))
            links.update(
                (here, there, origin) if relation == "blocks" else (there, here, origin)
                for here, there, relation, origin in rows
            )
        declared = select(declaration.c.blocker, declaration.c.dependent)
        near = or_(declaration.c.blocker.in_(part), declaration.c.dependent.in_(part))
        declared_ends = await connection.execute(declared.where(near))
        links.update((row[0], row[1], "declared") for row in declared_ends)
    return sorted(links)


async def claims_of(connection: Connection, ids: Collection[str]) -> list[Claim]:
    """Blocking links without a site, made by one of these or naming what may be one of these."""
    names: set[str] = set()
    for part in chunks(sorted(ids)):
        rows = await connection.execute(select(reference.c.ref).where(reference.c.item.in_(part)))
        names.update(bare for row in rows if (named := parse(row[0])) for bare in named.spellings)
    query = select(*[link.c[name] for name in Claim._fields]).where(
        link.c.relation.in_(BLOCKING), link.c.ref.not_like(HAS_SITE)
    )
    claims: dict[Claim, None] = {}
    for part in chunks(sorted(ids)):
        rows = await connection.execute(query.where(link.c.item.in_(part)))
        claims.update(dict.fromkeys(Claim._make(row) for row in rows))
    for part in chunks(sorted(names)):
        rows = await connection.execute(query.where(link.c.ref.in_(part)))
        claims.update(dict.fromkeys(Claim._make(row) for row in rows))
    return list(claims)


async def dependencies_of(connection: Connection, ids: Collection[str]) -> list[Stored]:
    """All that have an end among ``ids``."""
    c = dependency.c
    dependencies_by_id: dict[str, Stored] = {}
    for part in chunks(sorted(ids)):
        query = select(c.id, c.blocker, c.dependent, c.origins, c.is_open)
        rows = await connection.execute(query.where(or_(c.blocker.in_(part), c.dependent.in_(part))))
        dependencies_by_id.update({row[0]: Stored._make(row) for row in rows})
    return list(dependencies_by_id.values())


async def joined_to(connection: Connection, start: Iterable[str]) -> set[str]:
    """``start``, and every item that open dependencies join to it, over any number of steps.

    Raises TooLargeError beyond MOST items.
    """
    joined, frontier = set(start), sorted(start)
    while frontier:
        ends = {
            end
            for one in await dependencies_of(connection, frontier)
            if one.is_open
            for end in (one.blocker, one.dependent)
        }
        frontier = sorted(ends - joined)
        joined.update(frontier)
        if len(joined) > MOST:
            raise TooLargeError
    return joined
