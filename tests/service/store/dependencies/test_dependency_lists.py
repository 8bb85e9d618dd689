"""Dependencies as they are read: lists, what lies around an item, team against team."""

from itertools import pairwise

import pytest
from sqlalchemy import select

from service.store.backlog import history
from service.store.database.engine import Connection, Database
from service.store.dependencies import dependencies
from service.store.dependencies import dependency_lists as edges
from service.store.dependencies.dependencies import DependencyRow
from service.store.dependencies.dependency_lists import NODES_PER_GRAPH, Cell, Filters
from service.store.tables import dependency
from tests.support import rows
from tests.support.rows import depend, item_row
from tests.support.rows import dependency as edge


async def walk(connection: Connection, filters: Filters) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while page := await edges.page(connection, filters, after, 2):
        found += [one.id for one in page]
        after = page[-1].id
    return found


KEPT = [
    edge("a", "b"),
    edge("b", "c", health="broken", origins='["native","text"]'),
    edge("c", "d", dependent_team="online", cross_team=False, origins='["declared"]'),
    edge("x", "y", blocker_team="data", is_open=False, health="at-risk"),
]


@pytest.mark.parametrize(
    ("filters", "places"),
    [
        (Filters(), [0, 1, 2, 3]),
        (Filters(teams=["data"]), [3]),
        (Filters(teams=["stores"]), [0, 1, 3]),
        (Filters(cross_team=False), [2]),
        (Filters(cross_team=True), [0, 1, 3]),
        (Filters(origins=["text"]), [1]),
        (Filters(origins=["text", "declared"]), [1, 2]),
        (Filters(healths=["broken", "at-risk"]), [1, 3]),
        (Filters(teams=["online"], healths=["ok"], cross_team=True), [0]),
    ],
)
async def test_pages(database: Database, filters: Filters, places: list[int]) -> None:
    async with database.write() as connection:
        await depend(connection, KEPT)
        assert await walk(connection, filters) == sorted(KEPT[place].id for place in places)


async def test_the_matrix_counts_open_edges_and_those_not_ok(database: Database) -> None:
    async with database.write() as connection:
        await depend(connection, KEPT)
        assert sorted(await edges.matrix(connection)) == [
            Cell("online", "online", 1, 0),
            Cell("stores", "online", 2, 1),
        ]
        assert await edges.health_counts(connection) == {"ok": 2, "broken": 1}


async def test_around_an_item_goes_both_ways_as_deep_as_asked(database: Database) -> None:
    chain = "abcdefg"
    async with database.write() as connection:
        await rows.save(connection, *(item_row(one) for one in chain))
        pairs = [edge(one, other) for one, other in pairwise(chain)]
        await depend(connection, [*pairs, edge("g", "d")])  # a circle ends
        near = await edges.read_graph(connection, "d", 1)
        assert [one.id for one in near.nodes] == ["c", "d", "e", "g"]
        assert len(near.edges) == 3
        far = await edges.read_graph(connection, "d", 50)
        assert [one.id for one in far.nodes] == list(chain)
        assert (len(far.edges), far.truncated) == (7, False)
        alone = await edges.read_graph(connection, "unknown", 3)
        assert (list(alone.nodes), list(alone.edges), alone.truncated) == ([], [], False)


async def test_around_is_cut_where_it_gets_too_large(database: Database) -> None:
    many = [f"n{number:05d}" for number in range(NODES_PER_GRAPH + 500)]
    async with database.write() as connection:
        await rows.save(connection, item_row("hub"), *(item_row(one) for one in many))
        await depend(connection, [edge("hub", one) for one in many])
        found = await edges.read_graph(connection, "hub", 2)
    assert found.truncated
    assert len(found.nodes) == NODES_PER_GRAPH // 2
    assert len(found.edges) == NODES_PER_GRAPH // 2 - 1


async def test_a_declaration_stays_whose_it_was(database: Database) -> None:
    async with database.write() as connection:
        assert await edges.declare(connection, "dep_1", "a", "b", "first", 1.0)
        assert not await edges.declare(connection, "dep_1", "a", "b", "second", 2.0)
        assert await edges.take_back(connection, "dep_1")
        assert not await edges.take_back(connection, "dep_1")


async def test_only_what_differs_is_written(database: Database) -> None:
    async with database.write() as connection:
        await depend(connection, KEPT)
        assert not await edges_changed(connection, KEPT)
        assert await edges_changed(connection, [KEPT[0]._replace(health="broken"), *KEPT[1:]])
        assert await edges_changed(connection, KEPT[:1])
        assert (await connection.execute(select(dependency.c.id))).scalars().all() == [KEPT[0].id]


async def edges_changed(connection: Connection, found: list[DependencyRow]) -> bool:
    return await dependencies.replace(connection, {one.id: one for one in found})


async def test_what_others_wait_for(database: Database) -> None:
    async with database.write() as connection:
        await depend(connection, KEPT)
        assert await history.needed_by_others(connection, ["a", "d", "x", "nobody"]) == {"a"}
