"""The plan of all open items, kept from one what-if to the next and brought up to date meanwhile."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import structlog

from service.domain.plan.product import Plan
from service.domain.what_if.open_plan import Change, OpenPlan, plan_after, work_out
from service.flow.analysis.full import uncollected
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.store.backlog import open_items, pins, relatives
from service.store.database.engine import Connection
from service.store.process import revision, touched

log = structlog.get_logger()

LOOK_SECONDS = 2.0
ITEMS_UNASKED = 200_000  # open items of a plan that is worked out before anyone asks
CHANGES_FOLLOWED = 2000  # items that changed; where it is more, everything is read again


class Kept(NamedTuple):
    """A plan, and what the database counted when it was read."""

    plan: OpenPlan
    analysed: int
    changed: int
    whole: int  # changes after this one may be judged otherwise by the next full analysis


@dataclass
class KeptPlan:
    """The one that a process keeps; None before the first question. One question at a time changes it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    kept: Kept | None = None


async def keep_ready(context: Context, stop: asyncio.Event) -> None:
    """Until ``stop`` is set: so that no question has to wait until all is read.

    A very large plan is kept only from the first question on: it takes memory, and not everybody asks.
    """
    while not stop.is_set():
        try:
            if context.own(KeptPlan).kept is not None or await _is_small(context):
                async with current_plan(context, plan_of(context.product, context.today)):
                    pass
        except Exception:
            log.exception("kept_plan.stumbled")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_SECONDS)


async def _is_small(context: Context) -> bool:
    async with context.database.read() as connection:
        return await open_items.count(connection) <= ITEMS_UNASKED


@contextlib.asynccontextmanager
async def current_plan(context: Context, plan: Plan) -> AsyncIterator[tuple[Connection, OpenPlan]]:
    """All open items, with the transaction in which they stand so.

    One question at a time brings them up to date; others wait, and find it done: each begins its
    transaction after that, so no plan is newer than what it reads.
    """
    async with contextlib.AsyncExitStack() as stack:
        keeper = context.own(KeptPlan)
        async with keeper.lock:
            connection = await stack.enter_async_context(context.database.read())
            kept = await _follow(connection, keeper.kept, plan) or await _read(connection, plan)
            keeper.kept = kept
        yield connection, kept.plan


async def _follow(connection: Connection, kept: Kept | None, plan: Plan) -> Kept | None:
    """None where too much changed, or nothing is kept."""
    if kept is None or replace(kept.plan.guidance.plan, today=plan.today) != plan:
        return None
    now = await _count(connection, kept.plan)
    guidance = replace(kept.plan.guidance, plan=plan, pins=await pins.all_pins(connection))
    if guidance == kept.plan.guidance and now == kept:
        return kept
    marked = await touched.since(connection, kept.whole, CHANGES_FOLLOWED)
    if marked.ids is None:
        return kept if now.analysed == kept.analysed else None
    change = await _change(connection, kept.plan, marked.ids)
    after = await asyncio.to_thread(plan_after, replace(kept.plan, guidance=guidance), change)
    return now._replace(plan=after)


async def _count(connection: Connection, plan: OpenPlan) -> Kept:
    return Kept(
        plan,
        await revision.analysed(connection),
        await revision.last_change(connection),
        await revision.whole(connection),
    )


async def _change(connection: Connection, plan: OpenPlan, ids: Collection[str]) -> Change:
    """What these items, and what is under them, are now; goals and parents follow from those above."""
    concerned = {*ids, *await relatives.below(connection, ids), *plan.below(ids)}
    items = await open_items.some_planned_items(connection, concerned)
    origins = await open_items.open_dependencies_of(connection, concerned)
    return Change(
        items={item_id: items.get(item_id) for item_id in concerned},
        added=origins,
        removed=[pair for pair in plan.origins if pair not in origins and not concerned.isdisjoint(pair)],
    )


async def _read(connection: Connection, plan: Plan) -> Kept:
    with uncollected():
        items = await open_items.planned_items(connection)
        origins = await open_items.open_dependencies(connection, items)
        pinned = await pins.all_pins(connection)
        return await _count(connection, await asyncio.to_thread(work_out, plan, pinned, items, origins))
