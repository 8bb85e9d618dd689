"""Issues behind a security level: known to exist by their reference, and nothing else of them is kept."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, or_, select

from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, insert
from service.store.database.engine import Connection
from service.store.tables import item, link, reference, restricted


async def add(connection: Connection, refs: Sequence[str]) -> None:
    statement = insert(connection, restricted).values(ref=None).on_conflict_do_nothing()
    await write_many(connection, statement, [{"ref": ref} for ref in sorted(set(refs))])


async def among(connection: Connection, refs: Collection[str]) -> set[str]:
    """Those of ``refs`` that are restricted."""
    restricted_refs: set[str] = set()
    for part in chunks(sorted(refs)):
        query = select(restricted.c.ref).where(restricted.c.ref.in_(part))
        restricted_refs.update((await connection.execute(query)).scalars())
    return restricted_refs


async def show(connection: Connection, refs: Collection[str]) -> None:
    """These may be seen again, under every name they are known by."""
    hidden = await among(connection, refs)
    if not hidden:
        return
    items = select(reference.c.item).where(reference.c.ref.in_(hidden))
    names = select(reference.c.ref).where(reference.c.item.in_(items))
    await connection.execute(
        delete(restricted).where(or_(restricted.c.ref.in_(hidden), restricted.c.ref.in_(names)))
    )


async def dependents(connection: Connection, among: Collection[str] | None = None) -> list[str]:
    """Items that wait for a restricted one by a link that says its site, each once, sorted.

    Of all, or ``among`` these.
    """
    query = (
        select(link.c.item)
        .join(restricted, restricted.c.ref == link.c.ref)
        .join(item, item.c.id == link.c.item)
        .where(link.c.relation == "blocked-by")
        .distinct()
        .order_by(link.c.item)
    )
    if among is None:
        return list((await connection.execute(query)).scalars())
    waiting: list[str] = []
    for part in chunks(sorted(among)):
        waiting += (await connection.execute(query.where(link.c.item.in_(part)))).scalars()
    return waiting
