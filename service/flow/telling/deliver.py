"""Hands the outbox to its receivers: takes what is due, sends it, records what came of it."""

import asyncio
import random
from collections import Counter

import structlog

from service.delivery.guard import Guard
from service.delivery.sender import Sender
from service.domain.notification.delivery_attempt import judge
from service.flow.context import Context
from service.flow.telling.attempt import attempt, fill_digest, settle
from service.flow.telling.subscriptions import guard_of
from service.store.telling import deliveries, subscriptions
from service.store.telling.deliveries import COLLECTING, Taken

log = structlog.get_logger()

ATTEMPTS_AT_ONCE = 500  # under way in a process; they only wait
ATTEMPTS_PER_SUBSCRIPTION = 4  # taken at once for one subscription, and no more while as many are under way
IDLE_SECONDS = 1.0  # between looks when nothing wakes the deliverer


class Deliverer:
    """One per process; any number of them share a PostgreSQL database."""

    def __init__(self, context: Context, guard: Guard | None = None) -> None:
        self.context = context
        self._guard = guard or guard_of(context)
        self._running: set[asyncio.Task[None]] = set()
        self._under_way: Counter[str] = Counter()

    async def run(self, stop: asyncio.Event) -> None:
        """Until ``stop`` is set; then what is under way may end within its time-out."""
        async with Sender(self._guard) as sender:
            while not stop.is_set():
                self.context.wake_delivery.reset()
                try:
                    await self.start_due(sender)
                    delay = await self._pause_length()
                except Exception:  # the database is away: later again, as the border of a worker
                    log.exception("deliveries.unread")
                    delay = IDLE_SECONDS
                await self.context.wake_delivery.sleep(stop, delay)
            await asyncio.gather(*self._running, return_exceptions=True)

    async def start_due(self, sender: Sender) -> list[asyncio.Task[None]]:
        busy = [one for one, count in self._under_way.items() if count >= ATTEMPTS_PER_SUBSCRIPTION]
        free = ATTEMPTS_AT_ONCE - len(self._running)
        if free <= 0:
            return []
        async with self.context.database.write() as connection:
            taken = await deliveries.claim(connection, free, ATTEMPTS_PER_SUBSCRIPTION, busy)
        return [self._start(one, sender) for one in taken]

    def _start(self, taken: Taken, sender: Sender) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(taken, sender))
        self._running.add(task)
        self._under_way[taken.subscription] += 1
        task.add_done_callback(lambda done: self._ended(done, taken.subscription))
        return task

    def _ended(self, task: asyncio.Task[None], subscription: str) -> None:
        self._running.discard(task)
        self._under_way[subscription] -= 1
        self._under_way += Counter()  # drops what is at zero
        self.context.wake_delivery.ring()

    async def _run(self, taken: Taken, sender: Sender) -> None:
        try:
            if taken.state == COLLECTING:
                await fill_digest(self.context, taken)
            else:
                await self._send(taken, sender)
        except Exception:  # one broken delivery stops no other; its lease runs out and it comes again
            log.exception("delivery.failed", delivery=taken.id)

    async def _send(self, taken: Taken, sender: Sender) -> None:
        async with self.context.database.read() as connection:
            found = await subscriptions.get(connection, taken.subscription)
        if found is None:
            return
        outcome = await attempt(self.context, sender, found, taken)
        verdict = judge(outcome, taken.attempts + 1, random.random())  # noqa: S311 - jitter, no secret
        await settle(self.context, found, taken, outcome, verdict)

    async def _pause_length(self) -> float:
        if self._running:  # the end of one wakes the loop
            return IDLE_SECONDS
        async with self.context.database.read() as connection:
            due = await deliveries.next_due(connection)
        return IDLE_SECONDS if due is None else min(max(due, 0.0), IDLE_SECONDS)
