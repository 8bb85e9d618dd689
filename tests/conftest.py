"""Every store test runs on SQLite and on PostgreSQL; where there is no PostgreSQL it says so."""

import os
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from service.store.engine import Database
from service.store.tables import metadata

POSTGRES = os.environ.get("ATTUNE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


REQUIRED = os.environ.get("ATTUNE_TEST_REQUIRE", "").split(",")


def _postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.OperationalError:
        return "postgresql" in REQUIRED  # then its absence fails the tests instead of skipping them
    return True


needs_postgres = pytest.mark.skipif(not _postgres_answers(), reason="no PostgreSQL answers here")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
async def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without tables, gone after the test."""
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path}/attune.db")
        yield found
        await found.close()
        return
    name = f"attune_test_{uuid.uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    found = Database(POSTGRES.rsplit("/", 1)[0] + f"/{name}")
    yield found
    await found.close()
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(empty_database: Database) -> Database:
    """A database with every table, all empty."""
    async with empty_database.write() as connection:
        await connection.run_sync(metadata.create_all)
    return empty_database


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the trackers' official descriptions and recorded issues, where it is present."""
    found = Path(os.environ.get("ATTUNE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not found.is_dir():
        pytest.skip(f"the official descriptions and recorded issues are not here ({found})")
    return found
