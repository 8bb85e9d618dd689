"""What belongs to a few items otherwise than by dependencies: what is under them, links, components."""

from collections.abc import Collection, Iterable

from sqlalchemy import func, or_, select

from service.domain.plan.relations import Tie
from service.store.database.dialect import chunks
from service.store.database.engine import Connection
from service.store.dependencies.joined import Stored
from service.store.naming.claims import TYING
from service.store.tables import dependency, item, link, reference


async def below(connection: Connection, ids: Collection[str]) -> set[str]:
    """All items under these, at any depth."""
    found: set[str] = set()
    frontier = set(ids)
    while frontier:
        children: set[str] = set()
        for part in chunks(sorted(frontier)):
            children.update(
                (await connection.execute(select(item.c.id).where(item.c.parent.in_(part)))).scalars()
            )
        frontier = children - found
        found |= frontier
    return found


async def ties_of(connection: Connection, ids: Collection[str]) -> list[Tie]:
    """Links that mean something but no dependency, said of or at one of these; ends known, sites named."""
    query = (
        select(link.c.item, reference.c.item, link.c.relation, link.c.origin, link.c.words)
        .join(reference, reference.c.ref == link.c.ref)
        .where(link.c.relation.in_(TYING), link.c.item != reference.c.item)
    )
    found: set[Tie] = set()
    for part in chunks(sorted(ids)):
        for end in (link.c.item, reference.c.item):
            found.update(Tie._make(row) for row in await connection.execute(query.where(end.in_(part))))
    return sorted(found)


async def planned_on(connection: Connection, components: Iterable[str]) -> set[str]:
    """Open items with a start and a due that may carry one of these components, and a few others."""
    named = [func.lower(item.c.components).contains(one.lower(), autoescape=True) for one in components]
    if not named:
        return set()
    query = select(item.c.id).where(
        item.c.is_open.is_(True), item.c.start.is_not(None), item.c.due.is_not(None), or_(*named)
    )
    return set((await connection.execute(query)).scalars())


async def all_dependencies(connection: Connection) -> list[Stored]:
    """As the last analysis left them."""
    query = select(*[dependency.c[name] for name in Stored._fields])
    return [Stored._make(row) for row in await connection.execute(query)]
