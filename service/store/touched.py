"""Which items changed since the last judgement, so that it can look at those alone."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select

from service.store import revision
from service.store.dialect import insert
from service.store.engine import Connection
from service.store.tables import touched

MOST = 200  # items that are named; where more changed, everything is judged again
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
    if len(ids) > MOST:
        await mark_everything(connection)
        return
    await _mark(connection, ids)


async def mark_everything(connection: Connection) -> None:
    """Something changed that concerns more than items: a source's site, pins, a Definition of Done."""
    await _mark(connection, [_EVERYTHING])


async def _mark(connection: Connection, ids: Collection[str]) -> None:
    """The counter's row is locked until the commit, so whoever sees a number sees all below it."""
    number = await revision.next_change(connection)
    statement = insert(connection, touched).values([{"item": one, "number": number} for one in sorted(ids)])
    updating = {"number": statement.excluded.number}
    await connection.execute(statement.on_conflict_do_update(index_elements=["item"], set_=updating))


async def read(connection: Connection) -> Touched:
    rows = (await connection.execute(select(touched.c.item, touched.c.number).limit(MOST + 1))).all()
    ids = frozenset(row[0] for row in rows)
    until = await revision.last_change(connection)
    return Touched(until, None if len(ids) > MOST or _EVERYTHING in ids else ids)


async def is_any(connection: Connection) -> bool:
    return (await connection.execute(select(touched.c.item).limit(1))).scalar() is not None


async def settle(connection: Connection, until: int) -> None:
    """What was touched up to there has been judged; what was touched again since then stays."""
    await connection.execute(delete(touched).where(touched.c.number <= until))
