"""What the worker has to do. A job's key is unique, so the same work is never queued twice."""

import uuid
from collections.abc import Collection
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Text, case, cast, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB

from service.errors import AttuneError
from service.store.database.bulk import write_many
from service.store.database.dialect import database_time, insert
from service.store.database.engine import Connection
from service.store.tables import announced, job

LEASE_SECONDS = 60.0  # a running job renews it


class LeaseLostError(AttuneError):
    """Another worker has the job by now: what this one was about to write must not be written."""


class Job(NamedTuple):
    id: str
    kind: str
    key: str
    payload: dict[str, Any]
    attempts: int
    lease: str


async def enqueue(
    connection: Connection, kind: str, key: str, payload: dict[str, Any] | None = None, delay: float = 0.0
) -> None:
    """Have it done once, ``delay`` seconds from now or earlier; once more if it runs right now.

    What an earlier request still waiting asked for is kept beside this one's ``payload``.
    """
    statement = insert(connection, job).values(_new_job(connection, kind, key, payload, delay))
    earlier = func.min if connection.dialect.name == "sqlite" else func.least
    updating = {"due": earlier(job.c.due, statement.excluded.due), "again": job.c.lease.is_not(None)}
    if payload is not None:
        updating["payload"] = case(
            (job.c.lease.is_not(None) & job.c.again.is_(False), statement.excluded.payload),
            else_=_merged(connection, job.c.payload, statement.excluded.payload),
        )
    await connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=updating))


async def enqueue_unless_queued(
    connection: Connection, kind: str, key: str, payload: dict[str, Any] | None = None, delay: float = 0.0
) -> None:
    """As ``enqueue``, but what waits or runs already is left as it is: two workers may both find it due."""
    statement = insert(connection, job).values(_new_job(connection, kind, key, payload, delay))
    await connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]))


def _new_job(
    connection: Connection, kind: str, key: str, payload: dict[str, Any] | None, delay: float
) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "kind": kind,
        "key": key,
        "payload": orjson.dumps(payload or {}).decode(),
        "due": database_time(connection) + delay,
        "attempts": 0,
        "again": False,
    }


def _merged(connection: Connection, old: ColumnElement[str], new: ColumnElement[str]) -> ColumnElement[str]:
    """Two JSON objects as one; the new one's values win."""
    if connection.dialect.name == "sqlite":
        return func.json_patch(old, new)
    return cast(cast(old, JSONB).op("||")(cast(new, JSONB)), Text)


async def claim(connection: Connection, most: int) -> list[Job]:
    """Take due jobs for this worker. One statement: two workers never take the same."""
    now = database_time(connection)
    due = (
        select(job.c.id)
        .where(job.c.due <= now, or_(job.c.leased_until.is_(None), job.c.leased_until < now))
        .order_by(job.c.due)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    lease = uuid.uuid4().hex
    taking = (
        update(job)
        .where(job.c.id.in_(due))
        .values(lease=lease, leased_until=now + LEASE_SECONDS, attempts=job.c.attempts + 1, again=False)
        .returning(job.c.id, job.c.kind, job.c.key, job.c.payload, job.c.attempts)
    )
    rows = (await connection.execute(taking)).all()
    return [Job(row.id, row.kind, row.key, orjson.loads(row.payload), row.attempts, lease) for row in rows]


async def renew(connection: Connection, taken: Job) -> bool:
    """False when the lease has passed to another worker, whose work ours must not disturb."""
    renewing = (
        update(job)
        .where(job.c.id == taken.id, job.c.lease == taken.lease)
        .values(leased_until=database_time(connection) + LEASE_SECONDS)
    )
    return (await connection.execute(renewing)).rowcount == 1


async def hold(connection: Connection, taken: Job | None) -> None:
    """Call inside a job's own transactions; raises LeaseLostError (faults.md, 58). None holds nothing."""
    if taken is not None and not await renew(connection, taken):
        raise LeaseLostError(taken.key)


async def finish(connection: Connection, taken: Job) -> None:
    """Done: gone, or due at once if it was asked for again meanwhile."""
    ours = (job.c.id == taken.id) & (job.c.lease == taken.lease)
    await connection.execute(delete(job).where(ours, job.c.again.is_(False)))
    await connection.execute(
        update(job)
        .where(ours)
        .values(lease=None, leased_until=None, attempts=0, due=database_time(connection))
    )


async def postpone(connection: Connection, taken: Job, delay: float) -> None:
    """Not done: again in ``delay`` seconds."""
    await connection.execute(
        update(job)
        .where(job.c.id == taken.id, job.c.lease == taken.lease)
        .values(lease=None, leased_until=None, due=database_time(connection) + delay)
    )


async def waiting(connection: Connection, key: str) -> bool:
    query = select(func.count()).select_from(job).where(job.c.key == key)
    return bool((await connection.execute(query)).scalar_one())


async def is_running(connection: Connection, key: str) -> bool:
    """Whether a worker has it right now."""
    held = job.c.leased_until > database_time(connection)
    query = select(func.count()).select_from(job).where(job.c.key == key, held)
    return bool((await connection.execute(query)).scalar_one())


async def next_due(connection: Connection) -> float | None:
    """Seconds until the next job nobody has taken; None when there is none."""
    query = select(func.min(job.c.due) - database_time(connection)).where(job.c.lease.is_(None))
    return (await connection.execute(query)).scalar()


async def announce(connection: Connection, source: str, native_ids: Collection[str], at: float) -> None:
    """In one order by all, so that no two transactions wait for each other."""
    statement = insert(connection, announced).values(dict.fromkeys(("source", "native_id", "at")))
    again = statement.on_conflict_do_update(
        index_elements=["source", "native_id"], set_={"at": statement.excluded.at}
    )
    rows = [{"source": source, "native_id": native_id, "at": at} for native_id in sorted(set(native_ids))]
    await write_many(connection, again, rows)


async def announced_items(connection: Connection, source: str, most: int) -> list[tuple[str, float]]:
    query = (
        select(announced.c.native_id, announced.c.at)
        .where(announced.c.source == source)
        .order_by(announced.c.at)
        .limit(most)
    )
    return [(row[0], row[1]) for row in await connection.execute(query)]


async def settle(connection: Connection, source: str, read: list[tuple[str, float]]) -> None:
    """These were read; what was announced again since then stays."""
    for native_id, at in sorted(read):
        await connection.execute(
            delete(announced).where(
                announced.c.source == source, announced.c.native_id == native_id, announced.c.at <= at
            )
        )
