"""Numbers that only grow: with every change a reader could see, every analysis, every change to judge.

And up to which change all of the backlog has been judged.
"""

from sqlalchemy import case, select, update

from service.store.database.dialect import insert, insert_once
from service.store.database.engine import Connection
from service.store.tables import revision

_SEEN, _ANALYSED, _TOUCHED, _WHOLE = 1, 2, 3, 4


async def current(connection: Connection) -> int:
    return await _value(connection, _SEEN)


async def _value(connection: Connection, which: int) -> int:
    query = select(revision.c.value).where(revision.c.id == which)
    return (await connection.execute(query)).scalar() or 0


async def analysed(connection: Connection) -> int:
    """How many analyses have been stored."""
    return await _value(connection, _ANALYSED)


async def claim_analysis(connection: Connection, after: int) -> bool:
    """Whether the one being stored follows the ``after``-th; False when another came between."""
    if after == 0:
        return await insert_once(connection, revision, id=_ANALYSED, value=1)
    following = (
        update(revision).where(revision.c.id == _ANALYSED, revision.c.value == after).values(value=after + 1)
    )
    return (await connection.execute(following)).rowcount == 1


async def after_analysis(connection: Connection) -> None:
    """Wait for an analysis that another process is storing, and have the next one wait for this transaction.

    SQLite has one writer anyway.
    """
    await connection.execute(select(revision).where(revision.c.id == _ANALYSED).with_for_update())


async def grow(connection: Connection) -> None:
    """Call inside every transaction that changes what an answer says."""
    await _next(connection, _SEEN)


async def next_change(connection: Connection) -> int:
    return await _next(connection, _TOUCHED)


async def last_change(connection: Connection) -> int:
    return await _value(connection, _TOUCHED)


async def whole(connection: Connection) -> int:
    """Changes up to this one were in a full analysis that is stored."""
    return await _value(connection, _WHOLE)


async def reach_whole(connection: Connection, number: int) -> None:
    statement = insert(connection, revision).values(id=_WHOLE, value=number)
    growing = {"value": case((revision.c.value < number, number), else_=revision.c.value)}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=growing))


async def _next(connection: Connection, which: int) -> int:
    statement = insert(connection, revision).values(id=which, value=1)
    growing = {"value": revision.c.value + 1}
    growing_or_new = statement.on_conflict_do_update(index_elements=["id"], set_=growing)
    return int((await connection.execute(growing_or_new.returning(revision.c.value))).scalar_one())
