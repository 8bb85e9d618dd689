"""Read a source now, or have it read soon."""

from dataclasses import asdict, dataclass

from connectors.contract import SourceError
from service.flow.context import Context
from service.flow.reading.source_outcome import fail, wait
from service.flow.reading.source_reading import Progress, SourceReading
from service.flow.unit_of_work import unit_of_work
from service.store.database.engine import Connection, UnavailableError
from service.store.process import jobs
from service.store.process.jobs import Job, LeaseLostError
from service.store.sources import sources, syncs


@dataclass(frozen=True, slots=True)
class SyncResult:
    sync: str
    source: str
    read: int
    changed: int
    rejected: int
    error: str | None = None
    retry_after: float | None = None


async def request_sync(context: Context, key: str, full: bool = False) -> str:
    """Have the worker read a source soon; the id of the run to follow (one under way is joined)."""
    context.options_of(key)
    async with unit_of_work(context) as work:
        newest = await syncs.running(work.connection, key)
        is_under_way = await jobs.is_running(work.connection, f"sync:{key}")
        if newest is not None and is_under_way and (newest.full or not full):
            return str(newest.id)
        if newest is None or is_under_way:
            run = await syncs.begin(work.connection, key, full, context.clock())
        else:
            run = str(newest.id)
            await syncs.change(work.connection, run, full=newest.full or full)
        payload = {"source": key, "sync": run} | ({"full": True} if full else {})
        work.enqueue("sync", f"sync:{key}", payload)
    return run


async def sync_source(
    context: Context,
    key: str,
    full: bool = False,
    progress: Progress | None = None,
    sync: str | None = None,
    job: Job | None = None,
) -> SyncResult:
    """Read a source now. A SourceError ends up in the result and on the source; others go on.

    ``sync``: the run that was promised. ``job``: whose lease this work hangs on; raises LeaseLostError.
    """
    options = context.options_of(key)
    async with context.database.write() as connection:
        run = await _run(context, connection, key, full, sync)
        before = await sources.get(connection, key)
        await sources.change(connection, key, state="syncing")
    reading = SourceReading.planned(context, options, run, before, progress, job, is_full_wanted=full)
    try:
        await reading.run()
    except SourceError as error:
        await (wait if error.reason == "limited" else fail)(context, options, before, run, error, job)
        return SyncResult(run, key, **asdict(reading.counts), error=str(error), retry_after=error.retry_after)
    except (LeaseLostError, UnavailableError):
        raise
    except Exception as error:
        fault = SourceError("answer", f"attune failed at it ({type(error).__name__}); its log says how")
        await fail(context, options, before, run, fault, job)
        raise
    return SyncResult(run, key, **asdict(reading.counts))


async def _run(context: Context, connection: Connection, key: str, full: bool, promised: str | None) -> str:
    """A run that a killed process left behind goes on: whoever follows it sees its end."""
    now = context.clock()
    left = None if promised else await syncs.running(connection, key)
    run = promised or (str(left.id) if left else await syncs.begin(connection, key, full, now))
    await syncs.give_up_older(connection, key, run, now)
    return run


async def finish_sync(context: Context, result: SyncResult) -> None:
    """Close a run whose changes have been analysed."""
    if result.error is not None:
        return
    async with unit_of_work(context) as work:
        await syncs.change(work.connection, result.sync, state="done", finished=context.clock())
        await syncs.forget_old(work.connection, result.source)
        work.change_answers()
