"""One unit of work: a transaction that knows what it changes, and wakes whoever waits once it is in."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from service.domain.notification.event import Event
from service.flow.context import Context
from service.flow.publish import publish
from service.store.database.engine import Connection
from service.store.process import jobs, revision, touched
from service.store.process.jobs import Job
from service.store.telling import events


class _Wanted(NamedTuple):
    """A job to enqueue."""

    kind: str
    key: str
    payload: dict[str, Any] | None
    delay: float
    is_kept: bool  # one that is queued already is left as it is


class Work:
    """What a transaction changes goes through ``connection`` at once. What it leaves for others (events,
    what is to be judged, what is to be read, jobs) is gathered here and written at its end: all that
    transactions share is so taken in one order, and no two wait for each other (``events.take_turn``).
    """

    def __init__(self, context: Context, connection: Connection) -> None:
        self.context = context
        self.connection = connection
        self._has_changed = False
        self._has_deliveries = False
        self._has_work = False
        self._events: list[Event] = []
        self._not_told: str | None = None
        self._touched: set[str] = set()
        self._is_everything_touched = False
        self._judged_until: int | None = None
        self._announced: dict[str, set[str]] = {}
        self._wanted: list[_Wanted] = []

    def change_answers(self) -> None:
        """An answer says something else from now on. What is touched or published counts by itself."""
        self._has_changed = True

    def publish(self, raised: Iterable[Event], *, but_not_to: str | None = None) -> None:
        """``but_not_to`` is the subscription that all of the unit's events are about."""
        self._events.extend(raised)
        self._not_told = but_not_to or self._not_told

    def queue_deliveries(self) -> None:
        """Deliveries are due that no event of this unit has brought."""
        self._has_deliveries = True

    def wake_worker(self) -> None:
        """There is something for the worker to find that is no job yet."""
        self._has_work = True

    def touch(self, items: Collection[str]) -> None:
        """These are to be judged again."""
        self._touched.update(items)

    def touch_everything(self) -> None:
        """More than items is to be judged again: a source's site, a Definition of Done."""
        self._is_everything_touched = True

    def settle(self, until: int) -> None:
        """What was touched up to this change is judged by what this unit stores."""
        self._judged_until = until

    def announce(self, source: str, native_ids: Collection[str]) -> None:
        """These items of a source are to be read again."""
        if native_ids:
            self._announced.setdefault(source, set()).update(native_ids)

    def enqueue(
        self, kind: str, key: str, payload: Mapping[str, Any] | None = None, delay: float = 0.0
    ) -> None:
        """As ``jobs.enqueue``."""
        self._wanted.append(_Wanted(kind, key, None if payload is None else dict(payload), delay, False))

    def enqueue_unless_queued(self, kind: str, key: str, payload: Mapping[str, Any] | None = None) -> None:
        """As ``jobs.enqueue_unless_queued``."""
        self._wanted.append(_Wanted(kind, key, None if payload is None else dict(payload), 0.0, True))

    async def close(self, job: Job | None) -> None:
        """Write what was gathered. Raises LeaseLostError."""
        is_touched = bool(self._touched) or self._is_everything_touched
        if is_touched or self._events or self._announced or self._wanted:
            await events.take_turn(self.connection)
        await publish(self.context, self.connection, self._events, but_not_to=self._not_told)
        await self._mark()
        await self._queue()
        await jobs.hold(self.connection, job)
        if self._has_changed or self._events or is_touched:
            await revision.grow(self.connection)

    async def _mark(self) -> None:
        if self._judged_until is not None:
            await touched.settle(self.connection, self._judged_until)
        if self._is_everything_touched:
            await touched.mark_everything(self.connection)
        else:
            await touched.mark(self.connection, self._touched)

    async def _queue(self) -> None:
        now = self.context.clock()
        for source, native_ids in sorted(self._announced.items()):
            await jobs.announce(self.connection, source, native_ids, now)
            await jobs.enqueue(self.connection, "read", f"read:{source}", {"source": source})
        for wanted in sorted(self._wanted, key=lambda wanted: wanted.key):
            enqueue = jobs.enqueue_unless_queued if wanted.is_kept else jobs.enqueue
            await enqueue(self.connection, *wanted[:-1])

    def wake(self) -> None:
        if self._events or self._has_deliveries:
            self.context.wake_delivery.ring()
        if self._has_work or self._announced or self._wanted:
            self.context.wake_worker.ring()


@asynccontextmanager
async def unit_of_work(context: Context, job: Job | None = None) -> AsyncIterator[Work]:
    """Commits when the block ends, rolls back when it raises, and wakes nobody then.

    ``job``: whose lease the work hangs on; where another worker has it by now, nothing is written and
    LeaseLostError raised (faults.md, 58).
    """
    async with context.database.write() as connection:
        work = Work(context, connection)
        yield work
        await work.close(job)
    work.wake()
