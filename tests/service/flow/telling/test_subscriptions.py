from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from pydantic import SecretStr

from service.delivery.vault import Vault
from service.domain.notification.event import Interest
from service.flow.context import Context
from service.flow.telling.subscriptions import readable_url, sync_configured
from service.store.database.engine import Database
from service.store.telling import subscriptions
from service.store.telling.subscriptions import Subscription
from tests.support.outgoing import make_context, subscribe


def entry(key: str, **values: Any) -> SimpleNamespace:
    told = {
        "url": SecretStr("https://hooks.example.com/secret"),
        "format": "standard",
        "teams": [],
        "kinds": [],
        "events": ["conflict.*"],
        "min_severity": None,
        "mode": "immediate",
    }
    return SimpleNamespace(key=key, **(told | values))


async def configured(context: Context, *entries: SimpleNamespace) -> dict[str | None, Subscription]:
    context.product.notify = list(entries)  # type: ignore[assignment]  # a stand-in
    async with context.database.write() as connection:
        await sync_configured(context, connection)
        return {one.key: one for one in await subscriptions.all_subscriptions(connection)}


async def test_entries_of_the_product_file_become_subscriptions(database: Database) -> None:
    context = make_context(database)
    found = await configured(context, entry("stores", teams=["stores"], min_severity="medium"), entry("all"))
    stores = found["stores"]
    assert stores.interest == Interest(("conflict.*",), ("stores",), (), "medium")
    assert readable_url(context.vault, stores) == "https://hooks.example.com/secret"
    assert (stores.owner, stores.owner_teams, found["all"].owner_teams) == ("product-file", ("stores",), None)


async def test_read_again_they_stay_what_they_are(database: Database) -> None:
    context = make_context(database)
    before = await configured(context, entry("all"))
    assert await configured(context, entry("all")) == before


async def test_a_changed_entry_changes_its_subscription_and_takes_it_up_again(database: Database) -> None:
    context = make_context(database)
    before = await configured(context, entry("all"))
    async with database.write() as connection:
        await subscriptions.disable(connection, before["all"].id)
    still = await configured(context, entry("all"))
    assert still["all"].state == "disabled"
    after = await configured(context, entry("all", url=SecretStr("https://hooks.example.com/new")))
    assert (after["all"].id, after["all"].state) == (before["all"].id, "active")
    assert readable_url(context.vault, after["all"]) == "https://hooks.example.com/new"


async def test_an_entry_that_left_the_file_is_removed_and_others_subscriptions_stay(
    database: Database,
) -> None:
    context = make_context(database)
    own, _ = await subscribe(context, "https://hooks.example.com/")
    await configured(context, entry("all"))
    assert list(await configured(context)) == [None]
    async with database.read() as connection:
        assert await subscriptions.get(connection, own.id) == own


async def test_nothing_secret_is_in_the_database_in_clear(database: Database) -> None:
    context = make_context(database)
    found, secret = await subscribe(context, "https://hooks.example.com/path-secret")
    stored = found.url + (found.secret or b"")
    assert b"path-secret" not in stored
    assert secret.encode() not in stored


async def test_an_address_sealed_with_another_key_is_set_again_from_the_file(database: Database) -> None:
    context = make_context(database)
    await configured(context, entry("all"))
    moved = replace(context, vault=Vault("another key"))
    found = await configured(moved, entry("all"))
    assert readable_url(moved.vault, found["all"]) == "https://hooks.example.com/secret"
