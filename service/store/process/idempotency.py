"""Requests that must not be done twice, and what they were answered."""

from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select, update

from service.store.database.dialect import insert_once
from service.store.database.engine import Connection
from service.store.tables import idempotency

KEPT_SECONDS = 24 * 3600.0
ABANDONED_SECONDS = 300.0  # a process that died answers nothing any more


class KeptAnswer(NamedTuple):
    """``status`` None: it is being worked on."""

    request: str
    status: int | None
    answer: bytes | None


async def claim(
    connection: Connection, principal: str, key: str, request: str, now: float
) -> KeptAnswer | None:
    """None when the caller is to do it now, else what is known of the one who came first."""
    await connection.execute(
        delete(idempotency).where(
            (idempotency.c.at < now - KEPT_SECONDS)
            | (idempotency.c.status.is_(None) & (idempotency.c.at < now - ABANDONED_SECONDS))
        )
    )
    if await insert_once(connection, idempotency, principal=principal, key=key, request=request, at=now):
        return None
    query = select(idempotency.c.request, idempotency.c.status, idempotency.c.answer)
    row = (await connection.execute(query.where(*_is(principal, key)))).one()
    return KeptAnswer(*row)


async def keep(connection: Connection, principal: str, key: str, status: int, answer: bytes) -> None:
    statement = update(idempotency).where(*_is(principal, key)).values(status=status, answer=answer)
    await connection.execute(statement)


async def release(connection: Connection, principal: str, key: str) -> None:
    await connection.execute(delete(idempotency).where(*_is(principal, key)))


def _is(principal: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return (idempotency.c.principal == principal, idempotency.c.key == key)
