"""What items are called: every name that one ever had, as a canonical reference, leads to it."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import func, literal, select

from service.store.database.bulk import write_many
from service.store.database.dialect import chunks, insert, upsert
from service.store.database.engine import Connection
from service.store.tables import item, reference


async def present(connection: Connection, refs: Collection[str]) -> set[str]:
    """Which of these references lead to an item that is among the stored ones."""
    present_refs: set[str] = set()
    query = select(reference.c.ref).join(item, item.c.id == reference.c.item)
    for part in chunks(sorted(refs)):
        present_refs.update((await connection.execute(query.where(reference.c.ref.in_(part)))).scalars())
    return present_refs


class Names(NamedTuple):
    """What an item answers to. ``present`` is its name by the key it has, ``identities`` survive moves."""

    item: str
    present: str | None
    identities: frozenset[str]


async def names_by_item(connection: Connection, ids: Collection[str]) -> list[Names]:
    """Of those that exist, sorted."""
    refs: dict[tuple[str, str], set[str]] = {}
    query = select(item.c.id, item.c.key, reference.c.ref).join(reference, reference.c.item == item.c.id)
    for part in chunks(sorted(ids)):
        for item_id, key, ref in await connection.execute(query.where(item.c.id.in_(part))):
            refs.setdefault((item_id, key), set()).add(ref)
    return [
        Names(
            item_id,
            next((ref for ref in sorted(names) if ref.casefold().endswith(f"/{key.casefold()}")), None),
            frozenset(ref for ref in names if is_identity(ref)),
        )
        for (item_id, key), names in sorted(refs.items())
    ]


async def names_of(connection: Connection, ids: Collection[str]) -> list[str]:
    """Every reference that these items answer to, or did."""
    names: list[str] = []
    for part in chunks(sorted(ids)):
        names += (
            await connection.execute(select(reference.c.ref).where(reference.c.item.in_(part)))
        ).scalars()
    return names


async def add_names(connection: Connection, names: Iterable[tuple[str, str]]) -> None:
    """(reference, item): what an item is called too."""
    statement = upsert(connection, reference, ["ref", "item"])
    await write_many(connection, statement, [{"ref": ref, "item": item_id} for ref, item_id in sorted(names)])


async def add_older_names(connection: Connection, older: str, prefix: str) -> None:
    """Items whose name begins with ``prefix`` ("github://SITE/acme/shops") are called after ``older`` too.

    A name that an item has already stays that item's.
    """
    start = func.substr(reference.c.ref, 1, len(prefix) + 1)
    renamed = literal(older) + func.substr(reference.c.ref, len(prefix) + 1)
    query = select(renamed, reference.c.item).where(start.in_((f"{prefix}-", f"{prefix}#")))
    adding = insert(connection, reference).from_select(["ref", "item"], query)
    await connection.execute(adding.on_conflict_do_nothing())


def is_identity(ref: str) -> bool:
    """Whether it survives moves: a tracker's own id, or a milestone. An owner may be called "id"."""
    return ("/id/" in ref and "#" not in ref) or "/milestone/" in ref
