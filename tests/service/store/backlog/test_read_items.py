"""What analyses read of what trackers told: duplicates, clones, the lines of a Definition of Done."""

from typing import Any

import orjson
import pytest
from sqlalchemy import select

from service.store.backlog import snapshot
from service.store.database.engine import Database
from service.store.tables import dod
from tests.support import rows


async def test_what_was_closed_as_a_duplicate_is_known_as_one(database: Database) -> None:
    async with database.write() as connection:
        await rows.save(
            connection,
            rows.item_row("a", state="dropped", is_duplicate=True),
            rows.item_row("b", state="dropped"),
        )
    async with database.read() as connection:
        every, _ = await snapshot.items(connection)
        some, _ = await snapshot.some_items(connection, ["a", "b"])
    for known in (every, some):
        assert {item_id: item.is_duplicate for item_id, item in known.items()} == {"a": True, "b": False}


async def test_a_clone_is_a_tie(database: Database) -> None:
    async with database.write() as connection:
        await rows.save(
            connection,
            rows.item_row("a"),
            rows.item_row("b"),
            names=[("jira://s/B-1", "b")],
            links=[rows.link("a", "jira://s/B-1", "clones")],
        )
    async with database.read() as connection:
        [tie] = await snapshot.ties(connection)
    assert (tie.relation, tie.origin) == ("clones", "native")


DEMO = {"text": "Demo", "checked": False, "optional": True}
LINES: list[tuple[list[dict[str, Any]], list[str]]] = [
    ([{"text": "Reviewed", "checked": True}], ["Reviewed"]),
    (
        [{"text": "Reviewed", "checked": True}, {"text": "Demo", "checked": False, "optional": True}],
        ["Reviewed"],
    ),
    ([{"text": "Demo", "checked": False, "optional": True}], []),
]


@pytest.mark.parametrize(("stored", "lines"), LINES)
async def test_an_optional_line_is_no_part_of_a_definition_of_done(
    database: Database, stored: list[dict[str, Any]], lines: list[str]
) -> None:
    async with database.write() as connection:
        await rows.save(connection, rows.item_row("a", dod=orjson.dumps(stored).decode()))
    async with database.read() as connection:
        assert await snapshot.dod_lines(connection) == {"online": [lines]}


async def test_where_a_definition_of_done_is_from_is_stored_also_when_its_lines_stay(
    database: Database,
) -> None:
    async with database.write() as connection:
        first = await snapshot.save_dod(connection, {"online": (("Reviewed",), "product")})
        other_origin = await snapshot.save_dod(connection, {"online": (("Reviewed",), "items")})
        stored = (await connection.execute(select(dod))).one()
        same = await snapshot.save_dod(connection, {"online": (("Reviewed",), "items")})
        other_lines = await snapshot.save_dod(connection, {"online": (("Tested",), "items")})
    assert (stored.lines, stored.origin) == ('["Reviewed"]', "items")
    assert [first, other_origin, same, other_lines] == [
        (["online"], True),
        ([], True),
        ([], False),
        (["online"], True),
    ]
