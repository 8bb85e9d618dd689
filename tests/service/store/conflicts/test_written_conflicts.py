"""Conflicts as analyses store them, and as people read them."""

from typing import Any

import pytest
from sqlalchemy import select

from service.store.conflicts import listed_conflicts as conflicts
from service.store.conflicts import written_conflicts as findings
from service.store.conflicts.listed_conflicts import Filters
from service.store.database.engine import Connection, Database
from service.store.sources import sources
from service.store.tables import conflict_item
from tests.support import rows
from tests.support.rows import item_row


def row(conflict_id: str, **values: Any) -> dict[str, Any]:
    return dict.fromkeys(findings.COLUMNS) | {
        "id": conflict_id, "kind": "dependency-date", "severity": "high", "state": "open",
        "sort": conflict_id, "goal": None, "hash": b"h", "body": "{}", "first_seen": 1.0, "last_seen": 1.0,
        "resolved_at": None, "changed_at": 1.0, **values,
    }  # fmt: skip


async def kept(connection: Connection) -> None:
    await findings.save(
        connection,
        [
            row("c1", goal="promo", changed_at=5.0),
            row("c2", kind="dod-gap", severity="low", state="acknowledged"),
            row("c3", state="accepted"),
            row("c4", state="resolved", resolved_at=9.0),
        ],
        roles=[("c1", "a", "blocker"), ("c1", "b", "dependent"), ("c1", "v", "via"), ("c3", "a", "item")],
        teams=[("c1", "online"), ("c1", "stores"), ("c2", "stores"), ("c3", "online")],
        dependencies=[("c1", "dep_1"), ("c1", "dep_2"), ("c3", "dep_1")],
    )


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["c1", "c2"]),
        (Filters(states=()), ["c1", "c2", "c3", "c4"]),
        (Filters(states=("resolved",)), ["c4"]),
        (Filters(kinds=("dod-gap",)), ["c2"]),
        (Filters(severities=("high",)), ["c1"]),
        (Filters(teams=("stores",)), ["c1", "c2"]),
        (Filters(teams=("online",), states=()), ["c1", "c3"]),
        (Filters(items=("b",)), ["c1"]),
        (Filters(items=("a",), states=()), ["c1", "c3"]),
        (Filters(goals=("promo",)), ["c1"]),
        (Filters(since=5.0), ["c1"]),
    ],
)
async def test_pages(database: Database, filters: Filters, found: list[str]) -> None:
    async with database.write() as connection:
        await kept(connection)
        walked: list[str] = []
        after: str | None = None
        while page := await conflicts.page(connection, filters, after, 1):
            walked += [one["id"] for one in page]
            after = page[-1]["sort"]
        assert walked == found


async def test_counts(database: Database) -> None:
    async with database.write() as connection:
        await kept(connection)
        assert sorted(await conflicts.counts(connection)) == [
            ("accepted", "high", 1),
            ("acknowledged", "low", 1),
            ("open", "high", 1),
            ("resolved", "high", 1),
        ]
        assert await conflicts.counts_by_team(connection) == {
            "online": {"high": 1},
            "stores": {"high": 1, "low": 1},
        }
        assert await findings.open_counts(connection, ["a", "b", "v", "z"]) == {"a": 1, "b": 1}


async def test_a_conflict_is_written_whole_and_its_items_replaced(database: Database) -> None:
    async with database.write() as connection:
        await kept(connection)
        await findings.save(
            connection,
            [row("c1", severity="critical")],
            [("c1", "z", "item")],
            [("c1", "data")],
            [("c1", "dep_3")],
        )
        found = await conflicts.get(connection, "c1")
        assert found is not None
        assert found["severity"] == "critical"
        query = select(conflict_item.c.item).where(conflict_item.c.conflict == "c1")
        assert (await connection.execute(query)).scalars().all() == ["z"]
        assert await conflicts.get(connection, "c9") is None
        assert await findings.teams_of(connection, ["c1"]) == {"c1": ["data"]}
        assert await findings.dependencies_of(connection, ["c1"]) == {"dep_3"}


async def test_what_conflicts_are_about(database: Database) -> None:
    async with database.write() as connection:
        await kept(connection)
        ids = ["c1", "c2", "c3", "c9"]
        assert await findings.items_of(connection, ids) == {"c1": ["a", "b", "v"], "c3": ["a"]}
        assert await findings.teams_of(connection, ids) == {
            "c1": ["online", "stores"],
            "c2": ["stores"],
            "c3": ["online"],
        }
        assert await findings.dependencies_of(connection, ids) == {"dep_1", "dep_2"}
        assert await findings.dependencies_of(connection, []) == set()


async def test_what_an_analysis_speaks_of(database: Database) -> None:
    async with database.write() as connection:
        await kept(connection)
        assert set(await findings.unresolved_and(connection, ["c4", "new"])) == {"c1", "c2", "c3", "c4"}
        assert set(await findings.unresolved_and(connection, [])) == {"c1", "c2", "c3"}
        assert set(await findings.these(connection, ["c4", "c1"])) == {"c1", "c4"}
        assert await findings.unresolved_ids(connection, ["dependency-date"], ["a", "v"]) == {"c1", "c3"}


async def test_resolving_ends_an_acceptance_and_history_is_in_order(database: Database) -> None:
    async with database.write() as connection:
        await kept(connection)
        await findings.change(connection, "c3", {"accepted_until": "2026-04-01", "accepted_severity": "high"})
        await findings.note(connection, ["c3"], "accepted", 1.0, "Noor", ["we live with it"])
        await findings.resolve(connection, ["c3"], 7.0)
        await findings.note(connection, ["c3"], "resolved", 7.0, "attune", [None])
        found = await conflicts.get(connection, "c3")
        assert found is not None
        assert (
            found["state"],
            found["resolved_at"],
            found["accepted_until"],
            found["accepted_severity"],
        ) == (
            "resolved",
            7.0,
            None,
            None,
        )
        steps = await conflicts.history(connection, "c3")
    assert [tuple(one) for one in steps] == [
        (1.0, "accepted", "Noor", "we live with it"),
        (7.0, "resolved", "attune", None),
    ]


@pytest.mark.parametrize(
    ("values", "is_unsure"),
    [
        ({"state": "ok", "complete": True}, False),
        ({"state": "syncing", "complete": True}, False),
        ({"state": "failing", "complete": True, "failing_since": 1.0}, True),
        ({"state": "syncing", "complete": True, "failing_since": 1.0}, True),  # it is tried again
        ({"state": "ok", "complete": False}, True),
    ],
)
async def test_what_a_failing_or_incomplete_source_holds_back(
    database: Database, values: dict[str, Any], is_unsure: bool
) -> None:
    async with database.write() as connection:
        await sources.ensure(connection, ["onl", "sto"])
        await sources.change(connection, "onl", **values)
        await sources.change(connection, "sto", complete=True)
        await rows.save(connection, item_row("a"), item_row("z", source="sto", team="stores"))
        await findings.save(
            connection, [row("c1"), row("c2")], [("c1", "a", "item"), ("c2", "z", "item")], [], []
        )
        assert await findings.held(connection, ["c1", "c2"]) == ({"c1"} if is_unsure else set())
        assert await findings.unsure_teams(connection) == ({"online"} if is_unsure else set())
