import asyncio
from collections.abc import Callable

import orjson
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select

from service.store.database.engine import Database
from service.store.database.migrate import _config, is_current, migrate
from service.store.tables import conflict, conflict_dependency, item, metadata
from tests.support import rows


async def test_the_migrations_lead_to_the_tables(empty_database: Database) -> None:
    await migrate(empty_database)
    async with empty_database.read() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain), metadata)
        )
    assert differences == []
    assert await is_current(empty_database)


async def test_processes_that_start_together_migrate_once(empty_database: Database) -> None:
    await asyncio.gather(*(migrate(empty_database) for _ in range(4)))
    assert await is_current(empty_database)


async def test_an_empty_database_is_not_current(empty_database: Database) -> None:
    assert not await is_current(empty_database)


async def test_the_migrations_go_down_to_nothing_and_up_again(empty_database: Database) -> None:
    def down(plain: Connection) -> None:
        config = _config()
        config.attributes["connection"] = plain
        command.downgrade(config, "base")

    await migrate(empty_database)
    async with empty_database.write() as connection:
        await connection.run_sync(down)
        left = await connection.run_sync(lambda plain: inspect(plain).get_table_names())
    assert left == ["alembic_version"]
    assert not await is_current(empty_database)
    await migrate(empty_database)
    await migrate(empty_database)
    assert await is_current(empty_database)


async def test_what_conflicts_are_with_is_taken_from_their_texts_once(empty_database: Database) -> None:
    def move(plain: Connection, how: Callable[[Config, str], None], to: str) -> None:
        config = _config()
        config.attributes["connection"] = plain
        how(config, to)

    await migrate(empty_database)
    async with empty_database.write() as connection:
        await connection.run_sync(move, command.downgrade, "0007")
        await rows.save(connection, rows.item_row("a"), rows.item_row("b"))
        await rows.derive(connection, "a", derived=b'{"pinned":true,"conflicts":2}', conflicts=2)
        body = '{"dependencies": ["dep_1", "dep_2", "dep_1"], "teams": []}'
        for conflict_id, text in (("c1", body), ("c2", '{"dependencies": []}')):
            await connection.execute(conflict.insert().values(conflict_row(conflict_id, text)))
    await migrate(empty_database)
    async with empty_database.read() as connection:
        pairs = (await connection.execute(select(conflict_dependency))).all()
        derived = {row.id: row.derived for row in await connection.execute(select(item.c.id, item.c.derived))}
    assert sorted(map(tuple, pairs)) == [("c1", "dep_1"), ("c1", "dep_2")]
    assert orjson.loads(derived["a"]) == {"pinned": True}
    assert bytes(derived["b"]) == b"{}"


def conflict_row(conflict_id: str, body: str) -> dict[str, object]:
    texts = dict.fromkeys(("kind", "severity", "state", "sort"), "x")
    moments = dict.fromkeys(("first_seen", "last_seen", "changed_at"), 0.0)
    return {"id": conflict_id, "hash": b"", "body": body, **texts, **moments}


async def test_a_filled_database_of_an_earlier_version_goes_on(empty_database: Database) -> None:
    """Its items stay as they were read; what was derived is derived anew."""

    def move(plain: Connection, how: Callable[[Config, str], None], to: str) -> None:
        config = _config()
        config.attributes["connection"] = plain
        how(config, to)

    await migrate(empty_database)
    async with empty_database.write() as connection:
        await rows.save(connection, rows.item_row("a"))
        await rows.derive(connection, "a", position=7, derived=b'{"team_position":1}', why="[]", digest=5)
    async with empty_database.write() as connection:
        await connection.run_sync(move, command.downgrade, "0001")
    await migrate(empty_database)
    async with empty_database.read() as connection:
        [found] = (await connection.execute(select(item))).all()
    assert (found.title, found.position, found.place, found.digest) == ("Title of a", 7, None, None)
    assert (bytes(found.derived), found.why) == (b"{}", None)
