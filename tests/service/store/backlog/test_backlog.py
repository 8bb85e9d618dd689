"""Pages of the backlog against a plain sort of the same rows."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.store.backlog import backlog, tree
from service.store.backlog.backlog import Filters, LiveFacts, PageEnd, Sort
from service.store.conflicts import listed_conflicts as conflicts
from service.store.database.engine import Connection, Database
from service.store.dependencies import dependency_lists as edges
from service.store.tables import conflict, item, metadata
from tests.conftest import empty, needs_postgres, postgres_with_tables
from tests.support import rows
from tests.support.rows import item_row

SORTS: list[Sort] = ["position", "due", "priority", "updated"]
LETTERS = "aAbBzZ0-_:.#éÉ"


@pytest.fixture(params=["sqlite", pytest.param("in-language", marks=needs_postgres)])
async def languages(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """On PostgreSQL in a database whose text sorts as people of a language would."""
    if request.param == "sqlite":
        found = Database(f"sqlite:///{tmp_path}/attune.db")
        async with found.write() as connection:
            await connection.run_sync(metadata.create_all)
    else:
        url = request.getfixturevalue("language_tables")
        empty(url)
        found = Database(url)
    yield found
    await found.close()


@pytest.fixture(scope="module")
def language_tables() -> Iterator[str]:
    with postgres_with_tables(
        "ENCODING 'UTF8' LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
    ) as url:
        yield url


async def walk(connection: Connection, filters: Filters, sort: Sort, limit: int) -> list[str]:
    """Every id, page after page."""
    found: list[str] = []
    after: PageEnd | None = None
    while True:
        page = await backlog.page(connection, filters, sort, after, limit)
        found += [one.id for one in page]
        if len(page) < limit:
            return found
        after = PageEnd(page[-1].sort, page[-1].id)


def naive(stored: list[dict[str, Any]], sort: Sort) -> list[str]:
    valued = [one for one in stored if one[sort] is not None]
    valued.sort(key=lambda one: one["id"])
    valued.sort(key=lambda one: one[sort], reverse=sort == "updated")
    without = sorted(one["id"] for one in stored if one[sort] is None)
    return [one["id"] for one in valued] + without


stored_items = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.text(LETTERS, min_size=1, max_size=6),
            "due": st.none() | st.sampled_from(["2026-03-01", "2026-03-02", "2027-01-01"]),
            "priority": st.none() | st.integers(1, 5),
            "updated": st.sampled_from([1.0, 2.5, 3.0]),
            "position": st.none() | st.integers(-5, 5),
        }
    ),
    max_size=12,
    unique_by=lambda one: one["id"],
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stored=stored_items, limit=st.integers(1, 4))
async def test_pages_are_one_sorted_list_whatever_the_databases_language(
    languages: Database, stored: list[dict[str, Any]], limit: int
) -> None:
    async with languages.write() as connection:
        await connection.execute(item.delete())
        await rows.save(connection, *(_row(one) for one in stored))
        for one in stored:
            await rows.derive(connection, one["id"], position=one["position"])
        for sort in SORTS:
            assert await walk(connection, Filters(), sort, limit) == naive(stored, sort)


def _row(drawn: dict[str, Any]) -> dict[str, Any]:
    """Without its position, which an analysis gives."""
    return item_row(drawn["id"], **{name: drawn[name] for name in ("due", "priority", "updated")})


KEPT = [
    item_row("a", title="Één winkel: Checkout", labels='["promo","a\\"b"]', priority=1, kind="epic"),
    item_row("b", key="ONL-2", title="100% gereed", team="stores", source="gh", state="doing", updated=9.0),
    item_row("c", key="a/stores#3", title="ÜBERBLICK over_all", state="done", priority=3, labels='["prom"]'),
    item_row("d", key="ONL-4", title="Nothing", state="dropped", priority=5, kind="bug"),
]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), "abcd"),
        (Filters(teams=["stores"]), "b"),
        (Filters(teams=["stores", "online"]), "abcd"),
        (Filters(sources=["gh"]), "b"),
        (Filters(kinds=["bug", "epic"]), "ad"),
        (Filters(states=["todo", "doing"]), "ab"),
        (Filters(states=["done"]), "c"),
        (Filters(goals=["promo"]), "a"),
        (Filters(parents=["a"]), "b"),
        (Filters(labels=["promo"]), "a"),
        (Filters(labels=["prom"]), "c"),
        (Filters(labels=['a"b']), "a"),
        (Filters(labels=['o","a']), ""),
        (Filters(priority_max=3), "ac"),
        (Filters(has_conflicts=True), "a"),
        (Filters(has_conflicts=False), "bcd"),
        (Filters(updated_since=9.0), "b"),
        (Filters(words=["checkout"]), "a"),
        (Filters(words=["één", "WINKEL"]), "a"),
        (Filters(words=["ÉÉN"]), "a"),
        (Filters(words=["überblick"]), "c"),
        (Filters(words=["onl-2"]), "b"),
        (Filters(words=["STORES#"]), "c"),
        (Filters(words=["100%"]), "b"),
        (Filters(words=["0%g"]), ""),
        (Filters(words=["r_all"]), "c"),
        (Filters(words=["r_a_l"]), ""),
        (Filters(words=["checkout", "gereed"]), ""),
        (Filters(teams=["online"], states=["todo", "doing"], priority_max=2, kinds=["epic"]), "a"),
    ],
)
async def test_filters(languages: Database, filters: Filters, found: str) -> None:
    async with languages.write() as connection:
        await rows.save(connection, *KEPT)
        await rows.derive(connection, "a", conflicts=1, goal="promo", position=1)
        await rows.derive(connection, "b", parent="a")
        for sort in SORTS:
            assert sorted(await walk(connection, filters, sort, 2)) == list(found)


async def test_ordinals_count_from_one_whatever_the_keys(database: Database) -> None:
    keys = [-7, 3, 2**40, 2**61]
    async with database.write() as connection:
        await rows.save(connection, *(item_row(f"i{number}") for number in range(5)))
        for number, key in enumerate(keys):
            await rows.derive(connection, f"i{number}", position=key)
        assert await backlog.ordinals(connection, [3, 2**61]) == {3: 2, 2**61: 4}
        assert await backlog.ordinals(connection, []) == {}


STALE: dict[str, tuple[dict[str, Any], bool]] = {
    "open, untouched": ({"updated": 99.0}, True),
    "in progress, untouched": ({"updated": 99.0, "state": "doing"}, True),
    "open, touched when the days begin": ({"updated": 100.0}, False),
    "open, touched since": ({"updated": 5000.0}, False),
    "done long ago": ({"updated": 99.0, "state": "done", "is_open": False}, False),
}


async def test_what_is_stale_is_said_when_it_is_answered(database: Database) -> None:
    """It comes with the day: nothing about the item changes."""
    ids = {name: f"i{number}" for number, name in enumerate(STALE)}
    async with database.write() as connection:
        await rows.save(connection, *(item_row(ids[name], **values) for name, (values, _) in STALE.items()))
        for name, (_, is_stale) in STALE.items():
            row = await backlog.get(connection, ids[name], stale_before=100.0)
            assert bool(row.is_stale) is is_stale, name
        for chosen in (True, False, None):
            filters = Filters(is_stale=chosen, stale_before=100.0)
            listed = await backlog.page(connection, filters, "updated", None, 10)
            assert {one.id: one.is_stale for one in listed} == {
                ids[name]: is_stale for name, (_, is_stale) in STALE.items() if chosen in (is_stale, None)
            }


async def test_an_answer_is_joined_from_its_halves(database: Database) -> None:
    async with database.write() as connection:
        await rows.save(connection, item_row("a"))
        row = await backlog.get(connection, "a")
        assert await backlog.get(connection, "b") is None
    unjudged = LiveFacts(None, None, row.conflicts, bool(row.is_stale))
    fresh = orjson.loads(backlog.join(unjudged, bytes(row.record), bytes(row.derived)))
    unknown = {"position": None, "team_position": None, "conflicts": 0, "stale": False}
    assert fresh == {**unknown, "id": "x", **orjson.loads(backlog.NOT_ANALYSED)}
    current = LiveFacts(3, 2, 2, True)
    judged = orjson.loads(backlog.join(current, b'{"id":"x"}', b'{"pinned":true}', b',"why":[]'))
    assert judged == {
        "position": 3, "team_position": 2, "conflicts": 2, "stale": True, "id": "x", "pinned": True, "why": []
    }  # fmt: skip


async def test_other_lists_sort_the_same_in_every_language(languages: Database) -> None:
    ids = ["Zeta", "alpha", "Beta", "é", "a-1", "a_1", "A1"]
    async with languages.write() as connection:
        await rows.save(connection, *(item_row(one, kind="epic") for one in ids))
        found = await tree.epics(connection, tree.Filters(goals=()), None, 100)
        assert [one.id for one in found] == sorted(ids)
        walked: list[str] = []
        after: tuple[int, int, str] | None = None
        while part := await tree.epics(connection, tree.Filters(goals=()), after, 2):
            walked += [one.id for one in part]
            after = (part[-1].rank, part[-1].place, part[-1].id)
        assert walked == sorted(ids)
        for one in ids:
            await connection.execute(conflict.insert().values(_conflict(one)))
        listed = await conflicts.page(connection, conflicts.Filters(), None, 100)
        assert [row["id"] for row in listed] == sorted(ids)
        second = await conflicts.page(connection, conflicts.Filters(), "Beta", 2)
        assert [row["id"] for row in second] == sorted(ids)[2:4]
        await rows.depend(connection, [rows.dependency(one, "x") for one in ids])
        pages = await edges.page(connection, edges.Filters(), None, 100)
        assert [one.id for one in pages] == sorted(one.id for one in pages)


def _conflict(one: str) -> dict[str, Any]:
    return {
        "id": one, "kind": "dependency-date", "severity": "high", "state": "open", "sort": one,
        "hash": b"", "body": "{}", "first_seen": 1.0, "last_seen": 1.0, "changed_at": 1.0,
    }  # fmt: skip
