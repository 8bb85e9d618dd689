"""Who is told what, as it is kept."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from service.domain.notification.event import Interest
from service.store.database.engine import Database
from service.store.telling import deliveries, subscriptions
from service.store.telling.deliveries import Waiting
from service.store.telling.subscriptions import Subscription


def subscription(name: str, **values: Any) -> Subscription:
    made = Subscription(
        id=name,
        key=None,
        url=b"sealed address",
        format="standard",
        interest=Interest(("conflict.*", "digest"), ("online",), ("dependency-date",), "medium"),
        mode="immediate",
        secret=b"\x00\xff",
        old_secret=None,
        old_until=None,
        state="active",
        owner="tok_1",
        owner_teams=("online", "stores"),
        created=1.0,
    )
    return replace(made, **values)


@pytest.mark.parametrize(
    "one",
    [
        subscription("a"),
        subscription("a", key="stores-slack", secret=None, owner_teams=None, interest=Interest()),
        subscription("a", old_secret=b"old", old_until=9.5, mode="digest", state="disabled", owner_teams=()),
    ],
)
async def test_what_is_kept_comes_back_as_it_was(database: Database, one: Subscription) -> None:
    async with database.write() as connection:
        await subscriptions.add(connection, one)
        assert await subscriptions.get(connection, "a") == one
        assert await subscriptions.get(connection, "b") is None


async def test_what_is_changed_is_changed_whole_and_nothing_else(database: Database) -> None:
    changed = subscription("a", url=b"another", interest=Interest(("*",)), secret=b"new", old_secret=b"old")
    async with database.write() as connection:
        for one in (subscription("a"), subscription("b", key="b")):
            await subscriptions.add(connection, one)
        await subscriptions.save(connection, changed)
        assert await subscriptions.all_subscriptions(connection) == [changed, subscription("b", key="b")]


async def test_the_oldest_is_listed_first(database: Database) -> None:
    async with database.write() as connection:
        for name, created in (("c", 1.0), ("b", 2.0), ("a", 2.0)):
            await subscriptions.add(connection, subscription(name, created=created))
        found = await subscriptions.all_subscriptions(connection)
    assert [one.id for one in found] == ["c", "a", "b"]


async def test_a_key_of_the_product_file_names_one(database: Database) -> None:
    async with database.write() as connection:
        await subscriptions.add(connection, subscription("a", key="slack"))
    async with database.engine.begin() as connection:
        with pytest.raises(IntegrityError):
            await subscriptions.add(connection, subscription("b", key="slack"))


async def test_one_is_disabled_once_and_published_to_no_more(database: Database) -> None:
    async with database.write() as connection:
        for name in "ab":
            await subscriptions.add(connection, subscription(name))
        assert await subscriptions.disable(connection, "a")
        assert not await subscriptions.disable(connection, "a")
        assert not await subscriptions.disable(connection, "unknown")
        assert [one.id for one in await subscriptions.active(connection)] == ["b"]
        await subscriptions.save(connection, subscription("a"))
        assert [one.id for one in await subscriptions.active(connection)] == ["a", "b"]


async def test_one_that_is_taken_away_takes_its_deliveries_along(database: Database) -> None:
    async with database.write() as connection:
        for name in "ab":
            await subscriptions.add(connection, subscription(name))
            await deliveries.add(connection, [Waiting(name, "digest", "{}")], 1.0)
        await subscriptions.remove(connection, ["a", "unknown"])
        await subscriptions.remove(connection, [])
        assert [one.id for one in await subscriptions.all_subscriptions(connection)] == ["b"]
        assert await deliveries.listed(connection, "a", None, None, 10) == []
        assert len(await deliveries.listed(connection, "b", None, None, 10)) == 1
