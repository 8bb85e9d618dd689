"""A team's Definition of Done is stored with where it is from: each may change without the other."""

import pytest

from service.store.backlog import overview, snapshot
from service.store.database.engine import Database

BEFORE = {"online": (["Tests pass"], "product")}

AFTER = {
    "the same": (["Tests pass"], "product", [], False),
    "another origin": (["Tests pass"], "items", [], True),
    "another line": (["Tests pass", "Reviewed"], "product", ["online"], True),
    "both": (["Reviewed"], "items", ["online"], True),
}


@pytest.mark.parametrize("name", AFTER)
async def test_what_changed_is_stored_and_told(database: Database, name: str) -> None:
    lines, origin, teams, has_changed = AFTER[name]
    async with database.write() as connection:
        first = await snapshot.save_dod(connection, BEFORE)
        assert first == (["online"], True)
        assert await snapshot.save_dod(connection, {"online": (lines, origin)}) == (teams, has_changed)
        assert await overview.definitions_of_done(connection) == {"online": (lines, origin)}


async def test_a_team_that_has_left_is_gone(database: Database) -> None:
    async with database.write() as connection:
        await snapshot.save_dod(connection, {**BEFORE, "stores": ([], "none")})
        assert await snapshot.save_dod(connection, BEFORE) == ([], True)
        assert set(await overview.definitions_of_done(connection)) == {"online"}
