"""One number that grows with every change a reader could see."""

from sqlalchemy import select

from service.store.dialect import insert
from service.store.engine import Connection
from service.store.tables import revision


async def current(connection: Connection) -> int:
    return (await connection.execute(select(revision.c.value))).scalar() or 0


async def grow(connection: Connection) -> None:
    """Call inside every transaction that changes what an answer says."""
    statement = insert(connection, revision).values(id=1, value=1)
    growing = {"value": revision.c.value + 1}
    await connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=growing))
