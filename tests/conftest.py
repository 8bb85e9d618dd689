"""Every store test runs on SQLite and on PostgreSQL; where there is no PostgreSQL it says so."""

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as property_settings
from sqlalchemy import create_engine, event

from service.store.database.engine import Database
from service.store.tables import metadata

POSTGRES = os.environ.get("ATTUNE_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")


# What is logged of an error is its plain traceback: with the values of every frame it takes seconds.
structlog.configure(
    processors=[
        structlog.processors.add_log_level,
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)

# No test asserts a wall-clock time, a property neither: a busy machine finds no faults.
property_settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.load_profile("steady")

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


@contextmanager
def postgres_with_tables(how: str = "") -> Iterator[str]:
    """The URL of a database with every table. ``how``: what CREATE DATABASE takes of it."""
    name = f"attune_test_{uuid.uuid4().hex}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 {how}")
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")  # no test pulls the plug
    url = POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    metadata.create_all(engine)
    engine.dispose()
    yield url
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres_tables() -> Iterator[str]:
    """For one test after the other."""
    with postgres_with_tables() as url:
        yield url


def empty(url: str) -> None:
    """Every row of every table gone, every sequence at its beginning."""
    with psycopg.connect(url) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(f"DELETE FROM {table.name}")
        for (name,) in connection.execute("SELECT sequencename FROM pg_sequences").fetchall():
            connection.execute(f"ALTER SEQUENCE {name} RESTART")


def in_no_order(connection: Any, _record: Any) -> None:
    """What a query does not order comes backwards: PostgreSQL gives it in any order, but rarely."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA reverse_unordered_selects=ON")
    cursor.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=needs_postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database with every table, all empty."""
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path}/attune.db")
        event.listen(found.engine.sync_engine, "connect", in_no_order)
        async with found.write() as connection:
            await connection.run_sync(metadata.create_all)
    else:
        url = request.getfixturevalue("postgres_tables")
        empty(url)
        found = Database(url)
    yield found
    await found.close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the trackers' official descriptions and recorded issues, where it is present."""
    found = Path(os.environ.get("ATTUNE_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    if not found.is_dir():
        pytest.skip(f"the official descriptions and recorded issues are not here ({found})")
    return found
