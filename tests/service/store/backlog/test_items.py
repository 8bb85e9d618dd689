"""The stored backlog: items whole, their names for ever, their links as last read."""

import orjson
from sqlalchemy import select

from service.store.backlog import items
from service.store.database.engine import Database
from service.store.tables import item, item_raw, link
from tests.support import rows
from tests.support.rows import item_row, save


async def test_a_changed_item_keeps_what_the_analysis_found(database: Database) -> None:
    async with database.write() as connection:
        await save(connection, item_row("a"))
        await rows.derive(connection, "a", position=7, conflicts=2, derived=b'{"conflicts":2}', goal="promo")
        await save(connection, item_row("a", title="New", state="done", hash=b"new"))
        [found] = (await connection.execute(select(item))).all()
    assert (found.title, found.state, found.is_open) == ("New", "done", False)
    assert (found.position, found.conflicts, bytes(found.derived), found.goal) == (
        7,
        2,
        b'{"conflicts":2}',
        "promo",
    )


async def test_links_are_replaced_and_a_repeated_one_is_kept_once(database: Database) -> None:
    async with database.write() as connection:
        first = [rows.link("a", "x"), rows.link("a", "x"), rows.link("a", "y"), rows.link("b", "x")]
        await save(connection, item_row("a"), item_row("b"), links=first)
        await save(connection, item_row("a"), links=[rows.link("a", "z", "blocked-by", "text")], known=["a"])
        found = {(row.item, row.ref, row.relation) for row in await connection.execute(select(link))}
        assert found == {("a", "z", "blocked-by"), ("b", "x", "blocks")}
        assert await items.native_links(connection, ["a", "b", "c"]) == {"b": {("blocks", "x")}}


async def test_names_outlive_the_item(database: Database) -> None:
    async with database.write() as connection:
        known = rows.names(("jira://s/id/1", "a"), ("jira://s/ONL-1", "a"))
        raw = [("a", orjson.dumps({"fields": {"summary": "é" * 5000}}))]
        await save(connection, item_row("a"), names=known, links=[rows.link("a", "x")], raw=raw)
        assert await items.remove(connection, ["a", "unknown"]) == ["a"]
        assert await items.remove(connection, ["a"]) == []
        for table in (item, link, item_raw):
            assert (await connection.execute(select(table))).all() == []
        assert await items.named(connection, ["jira://s/id/1", "jira://s/id/2"]) == {"jira://s/id/1": "a"}


async def test_a_name_that_another_item_takes_over_is_that_items(database: Database) -> None:
    async with database.write() as connection:
        await save(connection, item_row("a"), names=rows.names(("jira://s/ONL-1", "a")))
        await save(connection, item_row("b"), names=rows.names(("jira://s/ONL-1", "b")))
        assert await items.named(connection, ["jira://s/ONL-1"]) == {"jira://s/ONL-1": "b"}


async def test_the_trackers_answer_is_packed(database: Database) -> None:
    body = orjson.dumps({"text": "again and again " * 1000})
    async with database.write() as connection:
        await save(connection, item_row("a"), raw=[("a", b"{}")])
        await save(connection, item_row("a"), raw=[("a", body)])
        [packed] = (await connection.execute(select(item_raw.c.body))).scalars()
    assert len(packed) < len(body) / 20
    assert items.unpack(bytes(packed)) == body


async def test_identities_are_of_one_source_and_no_plain_names(database: Database) -> None:
    refs = [
        ("github://github.com/id/I_kw", "a"),
        ("github://github.com/id/shop#12", "a"),  # the owner is called "id"
        ("github://github.com/acme/web/milestone/3", "m"),
        ("jira://s/id/9", "other"),
    ]
    async with database.write() as connection:
        stored = [item_row("a", native_id="12"), item_row("m", native_id="milestone-3")]
        await save(connection, *stored, item_row("other", source="sto"), names=refs)
        expected = {
            ("github://github.com/id/I_kw", "12"),
            ("github://github.com/acme/web/milestone/3", "milestone-3"),
        }
        assert set(await items.identities(connection, "onl")) == expected
        assert set(await items.named_natively(connection, ["a", "m", "gone"])) == expected


async def test_many_ids_are_asked_in_parts(database: Database) -> None:
    ids = [f"i{number:05d}" for number in range(2500)]
    async with database.write() as connection:
        await save(
            connection, *(item_row(one) for one in ids), names=[(f"jira://s/{one}", one) for one in ids]
        )
        assert len(await items.stored(connection, ids)) == 2500
        assert len(await items.named(connection, [f"jira://s/{one}" for one in ids])) == 2500
        assert len(await items.places(connection, ids)) == 2500
        await items.mark_seen(connection, ids[:2000], 5.0)
        assert [one for one, _ in await items.unseen(connection, "onl", 5.0)] == ids[2000:]
        assert len(await items.of_source(connection, "onl", ids)) == 2500
        assert len(await items.remove(connection, ids)) == 2500


async def test_what_is_outside_the_product_is_found(database: Database) -> None:
    async with database.write() as connection:
        await save(connection, item_row("a"), item_row("b", source="old"))
        assert await items.outside(connection, ["onl", "sto"]) == ["b"]
