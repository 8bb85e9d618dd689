"""How a source stands after a run that could not end well, and whom that is told."""

from datetime import UTC, datetime
from typing import Any

import structlog

from connectors.contract import SourceError
from connectors.options import SourceOptions
from service.domain.notification.event import Event
from service.flow.context import Context
from service.flow.unit_of_work import Work, unit_of_work
from service.store.database.engine import Connection
from service.store.process.jobs import Job
from service.store.sources import sources, syncs
from service.store.sources.sources import SourceRow

log = structlog.get_logger()


async def count_requests(context: Context, connection: Connection, key: str) -> None:
    """Several jobs share a source's connector: what it asked since anyone last counted is booked once.

    With it what its tracker said is left of the credential's limit.
    """
    connector = context.connectors[key]
    counted = context.counted.get(key, 0)
    context.counted[key] = connector.requests
    await sources.add_requests(connection, key, connector.requests - counted)
    if connector.quota is not None:
        await sources.save_quota(connection, key, connector.quota)


async def wait(
    context: Context, options: SourceOptions, before: SourceRow, run: str, error: SourceError, job: Job | None
) -> None:
    """A used-up quota is no failure: what is known stays good, and the job comes back when it may."""
    async with unit_of_work(context, job) as work:
        values = {"error": str(error), "error_reason": error.reason, "state": _state_without(before)}
        await sources.change(work.connection, options.key, **values)
        await count_requests(context, work.connection, options.key)
        await syncs.change(work.connection, run, state="failed", finished=context.clock(), error=str(error))
        work.change_answers()
    log.info("source.limited", source=options.key, retry_after=error.retry_after)


def _state_without(before: SourceRow) -> str:
    """``before`` may be of a run that a killed process left behind."""
    if before.failing_since is not None:
        return "failing"
    return "never" if before.last_delta is None else "ok"


async def fail(
    context: Context, options: SourceOptions, before: SourceRow, run: str, error: SourceError, job: Job | None
) -> None:
    now = context.clock()
    async with unit_of_work(context, job) as work:
        if before.failing_since is None:
            work.publish([_source_event("source.failing", options, now, error)])
        await sources.change(
            work.connection,
            options.key,
            state="failing",
            error=str(error),
            error_reason=error.reason,
            failing_since=before.failing_since or now,
        )
        await count_requests(context, work.connection, options.key)
        await syncs.change(work.connection, run, state="failed", finished=now, error=str(error))
        work.change_answers()
    log.warning("source.failing", source=options.key, reason=error.reason, error=str(error))


def tell_outcome(work: Work, options: SourceOptions, before: SourceRow, doubt: SourceError | None) -> None:
    """After a run that came to its end: ``doubt`` when what it found is not believed yet."""
    now = work.context.clock()
    if doubt is not None and before.failing_since is None:
        work.publish([_source_event("source.failing", options, now, doubt)])
    elif doubt is None and before.failing_since is not None:
        work.publish([_source_event("source.recovered", options, now)])


def _source_event(kind: str, options: SourceOptions, now: float, error: SourceError | None = None) -> Event:
    teams = [options.team] if options.team else [route.team for route in options.route]
    data: dict[str, Any] = {"source": options.key, "at": datetime.fromtimestamp(now, UTC).isoformat()}
    if error:
        data |= {"reason": error.reason, "error": str(error)}
    return Event(type=kind, at=now, teams=tuple(dict.fromkeys(teams)), data=data)
