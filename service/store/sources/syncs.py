"""Runs of reading a source, one row each."""

import uuid
from typing import Any

from sqlalchemy import Row, delete, select, update

from service.store.database.engine import Connection
from service.store.tables import sync

KEPT = 200  # runs per source


async def begin(connection: Connection, source: str, full: bool, now: float) -> str:
    run_id = "syn_" + uuid.uuid4().hex[:24]
    await connection.execute(
        sync.insert().values(
            id=run_id, source=source, state="running", full=full, started=now, read=0, changed=0, rejected=0
        )
    )
    return run_id


async def running(connection: Connection, source: str) -> Row[Any] | None:
    """The newest that has not ended: under way, asked for, or left behind by a process that died."""
    query = select(sync).where(sync.c.source == source, sync.c.state == "running")
    newest = query.order_by(sync.c.started.desc(), sync.c.id).limit(1)
    return (await connection.execute(newest)).one_or_none()


async def give_up_older(connection: Connection, source: str, sync_id: str, now: float) -> None:
    """A source is read by one run at a time: those that began before this one end here."""
    began = select(sync.c.started).where(sync.c.id == sync_id).scalar_subquery()
    older = update(sync).where(sync.c.source == source, sync.c.state == "running", sync.c.started < began)
    await connection.execute(older.values(state="failed", finished=now, error="it was interrupted"))


async def get(connection: Connection, sync_id: str) -> Row[Any] | None:
    return (await connection.execute(select(sync).where(sync.c.id == sync_id))).one_or_none()


async def change(connection: Connection, sync_id: str, **values: Any) -> None:
    await connection.execute(update(sync).where(sync.c.id == sync_id).values(**values))


async def forget_old(connection: Connection, source: str) -> None:
    newest = select(sync.c.id).where(sync.c.source == source).order_by(sync.c.started.desc()).limit(KEPT)
    await connection.execute(
        delete(sync).where(sync.c.source == source, sync.c.state != "running", sync.c.id.not_in(newest))
    )
