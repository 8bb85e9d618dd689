"""Subscriptions come and change: through the API, and from the product file's ``notify``."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from service.delivery.address import parse_networks
from service.delivery.guard import Guard
from service.delivery.signing import OLD_SECRET_SIGNS, new_secret
from service.delivery.vault import Vault, VaultError
from service.domain.notification.event import Interest
from service.errors import NotFound
from service.flow.context import Context
from service.store.database.engine import Connection
from service.store.telling import subscriptions as store
from service.store.telling.subscriptions import Mode, Subscription

PRODUCT_FILE = "product-file"


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone asks for; ``url`` in clear."""

    url: str
    format: str
    interest: Interest
    mode: Mode


def guard_of(context: Context) -> Guard:
    return Guard(parse_networks(context.settings.allow_private_webhooks))


def new_subscription(
    vault: Vault, wish: Wish, owner: str, owner_teams: tuple[str, ...] | None, now: float
) -> tuple[Subscription, str]:
    """With its secret, to be shown once."""
    secret = new_secret()
    made = Subscription(
        id="whk_" + uuid.uuid4().hex[:24],
        key=None,
        url=vault.seal(wish.url),
        format=wish.format,
        interest=wish.interest,
        mode=wish.mode,
        secret=vault.seal(secret),
        old_secret=None,
        old_until=None,
        state="active",
        owner=owner,
        owner_teams=owner_teams,
        created=now,
    )
    return made, secret


async def rotate_secret(context: Context, subscription_id: str) -> str:
    """A new secret; the old one signs as well for a day. Raises NotFound."""
    secret, now = new_secret(), context.clock()
    async with context.database.write() as connection:
        found = await store.get(connection, subscription_id)
        if found is None:
            raise NotFound("webhook", subscription_id)
        rotated = replace(
            found,
            secret=context.vault.seal(secret),
            old_secret=found.secret,
            old_until=now + OLD_SECRET_SIGNS,
        )
        await store.save(connection, rotated)
    return secret


def signing_keys(vault: Vault, one: Subscription, now: float) -> list[str]:
    """Those that sign right now, the newest first."""
    sealed = [one.secret]
    if one.old_until is not None and now < one.old_until:
        sealed.append(one.old_secret)
    return [vault.unseal(key) for key in sealed if key is not None]


async def sync_configured(context: Context, connection: Connection) -> None:
    """Make the product file's subscriptions what the file says: added, changed, removed.

    One that a receiver disabled stays so until its entry changes.
    """
    known = {one.key: one for one in await store.all_subscriptions(connection) if one.key is not None}
    entries = {entry.key: entry for entry in context.product.notify}
    await store.remove(connection, [one.id for key, one in known.items() if key not in entries])
    for key, entry in entries.items():
        wish, teams = _wish(entry), tuple(entry.teams) or None
        if key not in known:
            made, _ = new_subscription(context.vault, wish, PRODUCT_FILE, teams, context.clock())
            await store.add(connection, replace(made, key=key))
        elif _differs(context.vault, known[key], wish):
            await store.save(connection, _changed(context.vault, known[key], wish, teams))


def _wish(entry: Any) -> Wish:
    interest = Interest(
        tuple(entry.events) or ("*",), tuple(entry.teams), tuple(entry.kinds), entry.min_severity
    )
    return Wish(entry.url.get_secret_value(), entry.format, interest, entry.mode)


def _changed(vault: Vault, one: Subscription, wish: Wish, teams: tuple[str, ...] | None) -> Subscription:
    return replace(
        one,
        url=vault.seal(wish.url),
        format=wish.format,
        interest=wish.interest,
        mode=wish.mode,
        owner_teams=teams,
        state="active",
    )


def _differs(vault: Vault, one: Subscription, wish: Wish) -> bool:
    return (readable_url(vault, one), one.format, one.interest, one.mode) != (
        wish.url,
        wish.format,
        wish.interest,
        wish.mode,
    )


def readable_url(vault: Vault, one: Subscription) -> str | None:
    """None when another key sealed it: then it has to be set again."""
    try:
        return vault.unseal(one.url)
    except VaultError:
        return None
