"""Bring a database to this version's tables; safe to call by every process at its start."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from service.store.database.engine import Database

_LOCK = 0x617474756E65  # "attune": replicas that start together migrate one after the other


def _config() -> Config:
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent.parent / "migrations"))
    return found


async def migrate(database: Database) -> None:
    async with database.write() as connection:
        await connection.run_sync(_upgrade)


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    found = _config()
    found.attributes["connection"] = connection
    command.upgrade(found, "head")


async def is_current(database: Database) -> bool:
    async with database.read() as connection:
        return await connection.run_sync(_is_head)


def _is_head(connection: Connection) -> bool:
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
