import asyncio

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from service.store.migrate import is_current, migrate
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
