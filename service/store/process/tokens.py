"""Access tokens: only their digests are kept."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, select, update

from service.store.database.engine import Connection
from service.store.tables import token

USE_NOTED_SECONDS = 3600.0


class Token(NamedTuple):
    id: str
    name: str
    role: Any  # viewer, po, chief_po, admin
    teams: tuple[str, ...]
    created: float
    last_used: float | None


_COLUMNS = [getattr(token.c, name) for name in Token._fields]


def _token(row: Row[Any]) -> Token:
    found = Token._make(row)
    return found._replace(teams=tuple(orjson.loads(row.teams)))


async def add(
    connection: Connection, token_id: str, name: str, role: str, teams: Sequence[str], digest: str, now: float
) -> None:
    await connection.execute(
        token.insert().values(
            id=token_id,
            name=name,
            hash=digest,
            role=role,
            teams=orjson.dumps(list(teams)).decode(),
            created=now,
        )
    )


async def by_hash(connection: Connection, digest: str) -> Token | None:
    """A token that was not revoked."""
    query = select(*_COLUMNS).where(token.c.hash == digest, token.c.revoked.is_(None))
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _token(row)


async def all_tokens(connection: Connection) -> list[Token]:
    query = select(*_COLUMNS).where(token.c.revoked.is_(None)).order_by(token.c.created, token.c.id)
    return [_token(row) for row in (await connection.execute(query)).all()]


async def note_use(connection: Connection, token_id: str, now: float) -> None:
    await connection.execute(update(token).where(token.c.id == token_id).values(last_used=now))


async def revoke(connection: Connection, token_id: str, now: float) -> bool:
    """Whether there was such a token."""
    statement = update(token).where(token.c.id == token_id, token.c.revoked.is_(None)).values(revoked=now)
    return (await connection.execute(statement)).rowcount > 0
