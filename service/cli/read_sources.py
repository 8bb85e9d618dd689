"""Read sources with progress, analyse, and say what was found; ``sync`` and ``demo`` share it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from rich.markup import escape
from rich.progress import Progress

from service.cli.console import output, progress_bars
from service.flow.analysis.full import AnalysisResult, analyse
from service.flow.context import Context
from service.flow.reading.background.look_up import ask_without_worker
from service.flow.reading.source_reading import SyncProgress
from service.flow.reading.sync import SyncResult, finish_sync, sync_source


async def read(context: Context, sources: Sequence[str], full: bool) -> Sequence[SyncResult]:
    """All of them side by side, then one analysis. Those that failed carry their error."""
    with progress_bars() as bars:
        results = await asyncio.gather(*(_read_one(context, key, full, bars) for key in sources))
    for result in results:
        output().print(told(result))
    analysis = await analyse(context)
    if await ask_without_worker(context, [result.source for result in results if result.error is None]):
        again = await analyse(context)
        analysis = replace(
            again,
            opened=analysis.opened + again.opened,
            changed=analysis.changed + again.changed,
            resolved=analysis.resolved + again.resolved,
        )
    for result in results:
        await finish_sync(context, result)
    output().print(summary(analysis))
    return results


async def _read_one(context: Context, key: str, full: bool, bars: Progress) -> SyncResult:
    task = bars.add_task(key, total=None)

    def show(progress: SyncProgress) -> None:
        bars.update(task, completed=progress.read, total=progress.total)

    result = await sync_source(context, key, full, show)
    bars.update(task, completed=result.read, total=max(result.read, 1))
    return result


def told(result: SyncResult) -> str:
    if result.error:
        return f"[red]✗[/] {result.source}: {escape(result.error)}"
    rejected = f", {result.rejected} could not be read" if result.rejected else ""
    return f"[green]✓[/] {result.source}: {result.read} read, {result.changed} changed{rejected}"


def summary(result: AnalysisResult) -> str:
    return (
        f"{result.items} items ({result.open_items} open), {result.edges} dependencies, "
        f"{result.open_conflicts} open conflicts: {result.opened} new, {result.resolved} resolved"
    )
