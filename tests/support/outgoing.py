"""A context with just what outgoing webhooks need, and shorthands to subscribe and to deliver."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from service.delivery.sender import Sender
from service.delivery.vault import Vault
from service.domain.notification.event import Event, Interest
from service.flow.context import Context
from service.flow.publish import publish
from service.flow.telling.deliver import Deliverer
from service.flow.telling.subscriptions import Wish, guard_of, new_subscription
from service.store.database.engine import Database
from service.store.tables import delivery, delivery_attempt
from service.store.telling import subscriptions
from service.store.telling.subscriptions import Subscription

NOW = 1_764_000_000.0  # Monday 24 November 2025, 16:00 UTC


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def make_context(database: Database, **product: Any) -> Context:
    settings = SimpleNamespace(allow_private_webhooks=["127.0.0.0/8"], admin_token=None)
    told = SimpleNamespace(
        teams=[SimpleNamespace(key="online"), SimpleNamespace(key="stores")],
        notify=[],
        timezone=ZoneInfo("Europe/Amsterdam"),
        cadence=SimpleNamespace(every="week", day="monday", at=time(10)),
    )
    vars(told).update(product)
    return Context(told, settings, database, Vault("key"), clock=Clock())  # type: ignore[arg-type]  # stand-ins


async def subscribe(context: Context, url: str, **how: Any) -> tuple[Subscription, str]:
    """With its secret. ``how``: fields of Interest, ``mode``, ``owner_teams``."""
    mode, owner_teams = how.pop("mode", "immediate"), how.pop("owner_teams", None)
    wish = Wish(url, "standard", Interest(**how), mode)
    made, secret = new_subscription(context.vault, wish, "tok_1", owner_teams, context.clock())
    async with context.database.write() as connection:
        await subscriptions.add(connection, made)
    return made, secret


def opened(number: int = 0, **values: Any) -> Event:
    data = {"id": f"cfl_{number}", "title": f"Conflict {number}"}
    event = Event("conflict.opened", NOW, ("online",), "dependency-date", "high", data)
    return replace(event, **values)


async def tell(context: Context, *events: Event) -> None:
    async with context.database.write() as connection:
        await publish(context, connection, events)
    context.wake_delivery.ring()


async def deliver(context: Context) -> None:
    """Send what is due now and wait for what comes of it."""
    deliverer = Deliverer(context)
    async with Sender(guard_of(context), patience=5.0) as sender:
        while started := await deliverer.start_due(sender):
            await asyncio.gather(*started)


@asynccontextmanager
async def delivering(context: Context) -> AsyncIterator[None]:
    """The real loop, as long as the block lasts."""
    stop = asyncio.Event()
    running = asyncio.create_task(Deliverer(context).run(stop))
    try:
        yield
    finally:
        stop.set()
        with suppress(TimeoutError):  # a hanging receiver; cancelled by now
            await asyncio.wait_for(running, 0.5)


async def hasten(context: Context) -> None:
    """As if the time until the next attempt had passed."""
    async with context.database.write() as connection:
        await connection.execute(update(delivery).values(due=0.0))


async def deliveries_of(context: Context) -> list[Any]:
    async with context.database.read() as connection:
        return list(await connection.execute(select(delivery).order_by(delivery.c.created, delivery.c.id)))


async def attempts_of(context: Context) -> list[Any]:
    async with context.database.read() as connection:
        query = select(delivery_attempt).order_by(delivery_attempt.c.delivery, delivery_attempt.c.number)
        return list(await connection.execute(query))
