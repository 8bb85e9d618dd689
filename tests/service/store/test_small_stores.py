"""The stores that are a table each: history, sources, syncs, requests done once, tokens, revisions."""

import asyncio

import orjson
import pytest
from sqlalchemy import select

from service.domain.plan.history import Change
from service.store.backlog import history, items
from service.store.database.engine import Database
from service.store.process import idempotency, revision, tokens
from service.store.sources import inbound, rejected_records, sources, syncs
from service.store.sources.rejected_records import MOST_LISTED, RejectedRecord, add_honesty
from service.store.tables import event, source
from tests.support import rows
from tests.support.rows import item_row


def change(ref: str, field: str = "due", at: float = 1.0, item: str = "a") -> Change:
    return Change(item, ref, field, at, None, "2026-03-01")


async def test_a_change_is_kept_once_and_listed_oldest_first(database: Database) -> None:
    told = [
        change("2", at=2.0),
        change("1"),
        change("1", "start"),
        change("9", at=0.5),
        change("1", item="b"),
    ]
    async with database.write() as connection:
        await history.add(connection, told)
        await history.add(connection, [change("1")._replace(after="another")])
        await history.add(connection, [])
        found: list[Change] = []
        after: tuple[float, str, str] | None = None
        while page := await history.page(connection, "a", after, 2):
            found += page
            after = (page[-1].at, page[-1].ref, page[-1].field)
    assert [(one.ref, one.field) for one in found] == [
        ("9", "due"),
        ("1", "due"),
        ("1", "start"),
        ("2", "due"),
    ]
    assert found[1].after == "2026-03-01"


async def test_every_source_of_the_product_has_a_row_and_no_other(database: Database) -> None:
    async with database.write() as connection:
        await sources.ensure(connection, ["a", "b"])
        await sources.change(connection, "a", state="ok")
        names = [("jira://s/id/1", "a:1")]
        await rows.save(connection, item_row("a:1", source="a"), item_row("b:1", source="b"), names=names)
        await sources.ensure(connection, ["b", "c"])
        assert [row.key for row in await sources.all_sources(connection)] == ["b", "c"]
        assert set(await items.stored(connection, ["a:1", "b:1"])) == {"b:1"}
        assert await items.named(connection, ["jira://s/id/1"]) == {"jira://s/id/1": "a:1"}
        await sources.ensure(connection, ["a", "b"])
        assert (await sources.get(connection, "a")).state == "never"


async def test_rejected_records_are_counted_all_and_listed_up_to_a_bound(database: Database) -> None:
    many = [RejectedRecord(f"K-{number:05d}", "broken") for number in range(MOST_LISTED + 500)]
    async with database.write() as connection:
        await sources.ensure(connection, ["a"])
        await add_honesty(connection, "a", many, [], {"priority": ["x"]}, 1.0)
        more = [RejectedRecord("new", "broken")]
        await add_honesty(connection, "a", more, ["K-01400"], {"state": ["y"]}, 2.0)
        row = await sources.get(connection, "a")
        listed = [record.key for record in await rejected_records.newest(connection, "a")]
        assert (len(listed), listed[-1], "K-01400" in listed) == (MOST_LISTED, "new", False)
        assert row.rejected_count == MOST_LISTED + 500
        assert orjson.loads(row.unmapped) == {"priority": ["x"], "state": ["y"]}


async def test_two_who_complain_at_once_are_both_heard(database: Database) -> None:
    async with database.write() as connection:
        await sources.ensure(connection, ["a"])

    async def complain(number: int) -> None:
        async with database.write() as connection:
            rejected = [RejectedRecord(f"K-{number}", "broken")]
            await add_honesty(connection, "a", rejected, [], {"priority": [str(number)]}, 1.0)
            await sources.add_requests(connection, "a", 10)

    await asyncio.gather(*(complain(number) for number in range(4)))
    async with database.read() as connection:
        row = await sources.get(connection, "a")
    assert (row.rejected_count, row.requests) == (4, 40)
    assert orjson.loads(row.unmapped) == {"priority": ["0", "1", "2", "3"]}


async def test_a_scan_that_begins_forgets_what_earlier_reads_said(database: Database) -> None:
    async with database.write() as connection:
        await sources.ensure(connection, ["a"])
        await add_honesty(connection, "a", [RejectedRecord("K", "r")], [], {"priority": ["x"]}, 1.0)
        await sources.change(connection, "a", checkpoint="{}", complete=True)
        await sources.begin_scan(connection, "a", 5.0)
        row = await sources.get(connection, "a")
        assert await rejected_records.newest(connection, "a") == []
    assert (row.checkpoint, row.scan, row.rejected_count, row.unmapped, row.complete) == (
        None,
        5.0,
        0,
        "{}",
        True,
    )


async def test_records_are_counted_not_names(database: Database) -> None:
    nameless = [RejectedRecord("acme/data#?", f"reason {number}") for number in range(3)]
    async with database.write() as connection:
        await sources.ensure(connection, ["a"])
        await add_honesty(connection, "a", [*nameless, RejectedRecord("K-1", "r")], [], {}, 1.0)
        assert (await sources.get(connection, "a")).rejected_count == 4
        assert [record.key for record in await rejected_records.newest(connection, "a")] == [
            "K-1",
            "acme/data#?",
            "acme/data#? (2)",
            "acme/data#? (3)",
        ]


async def test_runs_are_kept_up_to_a_bound_and_none_that_is_under_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syncs, "KEPT", 3)
    async with database.write() as connection:
        assert await syncs.running(connection, "a") is None
        ids = [await syncs.begin(connection, "a", False, float(at)) for at in range(6)]
        other = await syncs.begin(connection, "b", True, 0.0)
        for one in ids[1:]:
            await syncs.change(connection, one, state="done")
        await syncs.forget_old(connection, "a")
        left = [one for one in (*ids, other) if await syncs.get(connection, one)]
        assert left == [ids[0], *ids[3:], other]
        found = await syncs.running(connection, "a")
        assert found is not None
        assert found.id == ids[0]
        await syncs.give_up_older(connection, "a", ids[5], 9.0)
        assert await syncs.running(connection, "a") is None
        assert await syncs.running(connection, "b") is not None


async def test_a_request_is_done_by_one_and_answered_to_all(database: Database) -> None:
    async def ask() -> idempotency.KeptAnswer | None:
        async with database.write() as connection:
            return await idempotency.claim(connection, "tok", "key", "digest", 100.0)

    answers = await asyncio.gather(*(ask() for _ in range(4)))
    assert sorted(answers, key=bool) == [None, *[idempotency.KeptAnswer("digest", None, None)] * 3]
    async with database.write() as connection:
        await idempotency.keep(connection, "tok", "key", 201, b"{}")
    kept = await ask()
    assert kept == idempotency.KeptAnswer("digest", 201, b"{}")


async def test_a_request_is_forgotten_after_a_day_or_when_it_was_abandoned(database: Database) -> None:
    async with database.write() as connection:
        for key in ("answered", "abandoned", "released"):
            assert await idempotency.claim(connection, "tok", key, "d", 0.0) is None
        assert await idempotency.claim(connection, "other", "answered", "d", 0.0) is None
        await idempotency.keep(connection, "tok", "answered", 200, b"")
        await idempotency.release(connection, "tok", "released")
        assert await idempotency.claim(connection, "tok", "released", "d", 1.0) is None
        soon, later = idempotency.ABANDONED_SECONDS + 1, idempotency.KEPT_SECONDS + 1
        assert await idempotency.claim(connection, "tok", "abandoned", "d", soon) is None
        assert await idempotency.claim(connection, "tok", "answered", "d", soon) is not None
        assert await idempotency.claim(connection, "tok", "answered", "d", later) is None


async def test_a_token_is_known_by_its_digest_until_it_is_revoked(database: Database) -> None:
    async with database.write() as connection:
        await tokens.add(connection, "t1", "Noor", "po", ["online", "stores"], "digest", 1.0)
        await tokens.add(connection, "t2", "Chief", "chief_po", [], "other", 1.0)
        found = await tokens.by_hash(connection, "digest")
        assert found == tokens.Token("t1", "Noor", "po", ("online", "stores"), 1.0, None)
        await tokens.note_use(connection, "t1", 5.0)
        assert [(one.id, one.last_used) for one in await tokens.all_tokens(connection)] == [
            ("t1", 5.0),
            ("t2", None),
        ]
        assert await tokens.revoke(connection, "t1", 6.0)
        assert not await tokens.revoke(connection, "t1", 7.0)
        assert await tokens.by_hash(connection, "digest") is None
        assert [one.id for one in await tokens.all_tokens(connection)] == ["t2"]


async def test_a_delivery_is_new_once_and_remembered_for_days(database: Database) -> None:
    async def tell(source: str = "a") -> bool:
        async with database.write() as connection:
            return await inbound.is_new(connection, source, "d1", "changed", 0.0)

    assert sorted(await asyncio.gather(*(tell() for _ in range(4)))) == [False, False, False, True]
    assert await tell("b")
    async with database.write() as connection:
        await inbound.forget_old(connection, inbound.KEPT)
        assert not await inbound.is_new(connection, "a", "d1", "changed", 0.0)
        await inbound.forget_old(connection, inbound.KEPT + 1)
        assert await inbound.is_new(connection, "a", "d1", "changed", 0.0)


async def test_the_revision_grows_by_one_with_every_change(database: Database) -> None:
    async def grow() -> None:
        async with database.write() as connection:
            await revision.grow(connection)

    async with database.read() as connection:
        assert await revision.current(connection) == 0
    await asyncio.gather(*(grow() for _ in range(10)))
    async with database.read() as connection:
        assert await revision.current(connection) == 10


@pytest.mark.parametrize("before", [0, 1, 5])
async def test_of_analyses_that_began_together_one_is_stored(database: Database, before: int) -> None:
    for stored in range(before):
        async with database.write() as connection:
            assert await revision.claim_analysis(connection, stored)

    async def store() -> bool:
        async with database.write() as connection:
            claimed = await revision.claim_analysis(connection, before)
            await asyncio.sleep(0.02)
            return claimed

    assert sorted(await asyncio.gather(*(store() for _ in range(4)))) == [False, False, False, True]
    async with database.read() as connection:
        assert await revision.analysed(connection) == before + 1


async def test_an_analysis_that_is_rolled_back_leaves_its_place(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as connection:
            assert await revision.claim_analysis(connection, 0)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.write() as connection:
        assert await revision.claim_analysis(connection, 0)


async def test_a_read_is_of_one_moment_however_long_it_takes(database: Database) -> None:
    async with database.write() as connection:
        await sources.ensure(connection, ["a"])
    async with database.read() as reading:
        assert len((await reading.execute(select(source))).all()) == 1
        async with database.write() as writing:
            await sources.ensure(writing, ["a", "b"])
        assert len((await reading.execute(select(source))).all()) == 1
        assert (await reading.execute(select(event))).all() == []
