"""What is counted over the whole backlog is counted once, however many ask, until something changes."""

import asyncio

import pytest
from starlette.requests import Request

from service.api.http.counted import Counted
from service.store.database.engine import Connection, Database
from service.store.process import revision


async def asked(database: Database) -> Request:
    """A request that has come now."""
    request = Request({"type": "http"})
    async with database.read() as connection:
        request.state.revision = await revision.current(connection)
    return request


async def test_once_per_revision(database: Database) -> None:
    counts = Counted(database)
    made: list[int] = []

    async def count(connection: Connection) -> int:
        made.append(await revision.current(connection))
        return len(made)

    request = await asked(database)
    assert await asyncio.gather(*(counts.of(request, count) for _ in range(5))) == [1] * 5
    async with database.write() as connection:
        await revision.grow(connection)
    assert await counts.of(await asked(database), count) == 2
    assert await counts.of(request, count) == 2  # newer than it asked for
    assert len(set(made)) == 2


async def test_what_failed_is_counted_again(database: Database) -> None:
    counts = Counted(database)
    answers = iter([None, 7])

    async def count(_connection: Connection) -> int:
        if (told := next(answers)) is None:
            raise LookupError
        return told

    request = await asked(database)
    with pytest.raises(LookupError):
        await counts.of(request, count)
    assert await counts.of(request, count) == 7
