import asyncio
from collections.abc import Callable

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select

from service.store.database.engine import Database
from service.store.database.migrate import _config, is_current, migrate
from service.store.tables import item, metadata
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
