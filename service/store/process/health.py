"""Whether the database is there and fits, and whether its jobs are taken."""

from alembic.util import CommandError
from sqlalchemy import exists, select
from sqlalchemy.exc import SQLAlchemyError

from service.store.database.dialect import database_time
from service.store.database.engine import Database, UnavailableError, ready
from service.store.database.migrate import is_current
from service.store.tables import job

LATE_SECONDS = 300.0  # that a due job may wait before its worker counts as away


async def checks(database: Database) -> dict[str, bool]:
    """Each false where it is not so; nothing is raised."""
    found = {"database": False, "migrations": False, "worker": False}
    try:
        found["database"] = await ready(database)
        found["migrations"] = await is_current(database)
        found["worker"] = await _are_jobs_taken(database)
    except (UnavailableError, SQLAlchemyError, CommandError, OSError):
        return found
    return found


async def _are_jobs_taken(database: Database) -> bool:
    async with database.read() as connection:
        late = job.c.due < database_time(connection) - LATE_SECONDS
        query = select(exists().where(late, job.c.leased_until.is_(None)))
        return not (await connection.execute(query)).scalar_one()
