import asyncio

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from service.store.migrate import _config, is_current, migrate
from service.store.tables import metadata


async def test_the_migrations_lead_to_the_tables(empty_database):
    await migrate(empty_database)
    async with empty_database.read() as connection:
        differences = await connection.run_sync(
            lambda plain: compare_metadata(MigrationContext.configure(plain), metadata)
        )
    assert differences == []
    assert await is_current(empty_database)


async def test_processes_that_start_together_migrate_once(empty_database):
    await asyncio.gather(*(migrate(empty_database) for _ in range(4)))
    assert await is_current(empty_database)


async def test_an_empty_database_is_not_current(empty_database):
    assert not await is_current(empty_database)


async def test_the_migrations_go_down_to_nothing_and_up_again(empty_database):
    def down(plain):
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
