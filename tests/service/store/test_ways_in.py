"""SQLite starts at the ids that it is given, not at some column that most rows share."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from service.store.backlog import history, kept_values, open_items, snapshot
from service.store.backlog import relatives as kin
from service.store.conflicts import written_conflicts as findings
from service.store.database.engine import Connection, Database
from service.store.dependencies import joined as neighbourhood
from service.store.naming import item_names, look_ups, restricted
from service.store.sources import unread_parts
from service.store.tables import metadata

IDS = [f"github:acme/web#{number}" for number in range(300)]
KINDS = ["dependency-cycle"]

ASKED: dict[str, Callable[[Connection], Awaitable[Any]]] = {
    "some open items": lambda connection: open_items.some_planned_items(connection, IDS),
    "some items": lambda connection: snapshot.some_items(connection, IDS),
    "conflicts of one kind with items": lambda connection: findings.unresolved_ids(connection, KINDS, IDS),
    "open conflicts per item": lambda connection: findings.open_counts(connection, IDS),
    "bodies that name items": lambda connection: findings.bodies_with(connection, IDS),
    "dependencies of items": lambda connection: neighbourhood.dependencies_of(connection, IDS),
    "links of items": lambda connection: neighbourhood.links_of(connection, IDS),
    "claims of items": lambda connection: neighbourhood.claims_of(connection, IDS),
    "what is under items": lambda connection: kin.below(connection, IDS),
    "items that others wait for": lambda connection: history.needed_by_others(connection, IDS),
    "names of items": lambda connection: item_names.names_by_item(connection, IDS),
    "which names are present": lambda connection: item_names.present(connection, IDS),
    "what is kept of items": lambda connection: kept_values.kept_values(connection, IDS),
    "unread parts of items": lambda connection: unread_parts.of_items(connection, IDS),
    "who mentions names": lambda connection: look_ups.mentioning(connection, dict.fromkeys(IDS)),
    "names that lead to items": lambda connection: look_ups.leading_to(connection, IDS),
    "what is restricted": lambda connection: restricted.among(connection, IDS),
}


@pytest.fixture
async def sqlite(tmp_path: Path) -> Any:
    found = Database(f"sqlite:///{tmp_path}/attune.db")
    async with found.write() as connection:
        await connection.run_sync(metadata.create_all)
    yield found
    await found.close()


@contextmanager
def overheard(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that are executed, with their parameters."""
    found: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        found.append((statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", hear)
    yield found
    event.remove(database.engine.sync_engine, "before_cursor_execute", hear)


@pytest.mark.parametrize("what", ASKED)
async def test_no_question_about_some_ids_reads_most_of_a_table(sqlite: Database, what: str) -> None:
    async with sqlite.read() as connection:
        with overheard(sqlite) as statements:
            await ASKED[what](connection)
        ways = [
            row.detail
            for statement, parameters in statements
            for row in await connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
        ]
    assert statements
    wide = ("SCAN", "is_open", "_state_", "_kind", "_health")
    assert [way for way in ways if any(one in way for one in wide)] == []
