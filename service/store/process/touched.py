"""Which items changed since the last judgement, so that it can look at those alone.

What is settled stays for a while, with the number below zero: others follow the changes too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from service.store.database.dialect import insert
from service.store.database.engine import Connection
from service.store.process import revision
from service.store.tables import touched
from service.store.telling import events

ITEMS_NAMED = 200  # items that are named; where more changed, everything is judged again
CHANGES_KEPT = 1000  # changes that can be followed after they were judged
_EVERYTHING = "*"


@dataclass(frozen=True, slots=True)
class Touched:
    """``ids`` None: too much changed to be named. ``until`` settles what was read here."""

    until: int
    ids: frozenset[str] | None


async def mark(connection: Connection, ids: Collection[str]) -> None:
    """In the transaction of the change itself."""
    if not ids:
        return
    if len(ids) > ITEMS_NAMED:
        await mark_everything(connection)
        return
    await _mark(connection, ids)


async def mark_everything(connection: Connection) -> None:
    """Something changed that concerns more than items: a source's site, pins, a Definition of Done."""
    await _mark(connection, [_EVERYTHING])


async def _mark(connection: Connection, ids: Collection[str]) -> None:
    """The counter's row is locked until the commit, so whoever sees a number sees all below it.

    The turn comes before it, see ``events.take_turn``.
    """
    await events.take_turn(connection)
    number = await revision.next_change(connection)
    statement = insert(connection, touched).values([{"item": one, "number": number} for one in sorted(ids)])
    updating = {"number": statement.excluded.number}
    await connection.execute(statement.on_conflict_do_update(index_elements=["item"], set_=updating))


async def read(connection: Connection) -> Touched:
    query = select(touched.c.item).where(touched.c.number > 0).limit(ITEMS_NAMED + 1)
    return await _named(connection, query, ITEMS_NAMED)


async def since(connection: Connection, number: int, most: int) -> Touched:
    """Judged or not; ``ids`` None also where that is too long ago to tell."""
    query = select(touched.c.item).where(func.abs(touched.c.number) > number).limit(most + 1)
    found = await _named(connection, query, most)
    return found if number >= found.until - CHANGES_KEPT else Touched(found.until, None)


async def _named(connection: Connection, query: Select[Any], most: int) -> Touched:
    ids = frozenset(row[0] for row in await connection.execute(query))
    until = await revision.last_change(connection)
    return Touched(until, None if len(ids) > most or _EVERYTHING in ids else ids)


async def is_any(connection: Connection) -> bool:
    query = select(touched.c.item).where(touched.c.number > 0).limit(1)
    return (await connection.execute(query)).scalar() is not None


async def settle(connection: Connection, until: int) -> None:
    """What was touched up to there has been judged; what was touched again since then stays."""
    number = touched.c.number
    await connection.execute(delete(touched).where(number < 0, number > CHANGES_KEPT - until))
    settled = update(touched).where(number > 0, number <= until)
    await connection.execute(settled.values(number=-number))
