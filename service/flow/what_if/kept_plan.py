"""The whole order, kept from one what-if to the next and brought up to date with what changed meanwhile."""

import asyncio
import contextlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import NamedTuple

import structlog

from service.domain.graph.backlog import Backlog
from service.domain.plan.product import Plan
from service.domain.what_if.board import Board, Change
from service.domain.what_if.horizon import Horizon, horizon_of
from service.flow.analysis.full import uncollected
from service.flow.context import Context
from service.flow.product_plan import plan_of
from service.flow.what_if.moved_lines import Heads, heads
from service.store.backlog import open_items, pins
from service.store.backlog import relatives as kin
from service.store.database.engine import Connection
from service.store.process import revision, touched

log = structlog.get_logger()

LOOK = 2.0  # seconds
AT_ONCE = 200_000  # open items that are put in order before anyone asks
MOST = 2000  # items that changed; where it is more, everything is read again


class Kept(NamedTuple):
    """A horizon, and what the database counted when it was read. ``heads`` are by its board's nodes."""

    horizon: Horizon
    heads: Heads
    analysed: int
    changed: int
    whole: int  # changes after this one may be judged otherwise by the next full analysis


async def keep_ready(context: Context, stop: asyncio.Event) -> None:
    """Until ``stop`` is set: so that no question has to wait until all is read.

    A very large order is kept only from the first question on: it takes memory, and not everybody asks.
    """
    while not stop.is_set():
        try:
            if context.ordered is not None or await _is_small(context):
                await foreseen(context, plan_of(context.product, context.today))
        except Exception:
            log.exception("horizon.stumbled")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK)


async def _is_small(context: Context) -> bool:
    async with context.database.read() as connection:
        return await open_items.count(connection) <= AT_ONCE


async def foreseen(context: Context, plan: Plan) -> Kept:
    """One question at a time brings it up to date; others wait, and find it done."""
    async with context.ordering:
        kept = await _followed(context, plan)
        if kept is None:
            kept = await _anew(context, plan)
        context.ordered = kept
        return kept


async def _followed(context: Context, plan: Plan) -> Kept | None:
    """None where too much changed, or nothing is kept."""
    kept: Kept | None = context.ordered
    if kept is None or replace(kept.horizon.plan, today=plan.today) != plan or _is_worn(kept.horizon.board):
        return None
    horizon = replace(kept.horizon, plan=plan)
    async with context.database.read() as connection:
        now = await _counted(connection, horizon, kept.heads)
        pinned = tuple(await pins.all_pins(connection))
        if (now.analysed, now.changed) == (kept.analysed, kept.changed) and pinned == horizon.pins:
            return kept
        marked = await touched.since(connection, kept.whole, MOST)
        if marked.ids is None:
            return kept if now.analysed == kept.analysed else None
        change = await _change(connection, horizon.board, marked.ids)
    horizon, told = await asyncio.to_thread(_led, replace(horizon, pins=pinned), kept.heads, change)
    return now._replace(horizon=horizon, heads=told)


def _is_worn(board: Board) -> bool:
    """More has left it than is on it."""
    return len(board.items) > 2 * len(board.number) + MOST


async def _counted(connection: Connection, horizon: Horizon, known: Heads) -> Kept:
    return Kept(
        horizon,
        known,
        await revision.analysed(connection),
        await revision.last_change(connection),
        await revision.whole(connection),
    )


async def _change(connection: Connection, board: Board, ids: Collection[str]) -> Change:
    """What these items, and what is under them, are now; goals and parents follow from those above."""
    concerned = {*ids, *await kin.below(connection, ids), *_below(board, ids)}
    items, goals = await open_items.some(connection, concerned)
    pairs = await open_items.pairs_of(connection, concerned)
    nodes = [node for one in concerned if (node := board.number.get(one))]
    there = {arc for node in nodes for arc in board.arcs(node)}
    told = {(board.item(one).id, board.item(other).id) for one, other in there}
    return Change(
        items={one: items.get(one) for one in concerned},
        goals={one: goals.get(one) for one in concerned},
        added=pairs,
        removed=told - pairs.keys(),
    )


def _below(board: Board, ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    pending = list(ids)
    while pending:
        children = {board.item(node).id for node in board.children.get(pending.pop(), ())} - found
        found |= children
        pending.extend(children)
    return found


async def _anew(context: Context, plan: Plan) -> Kept:
    with uncollected():
        async with context.database.read() as connection:
            pinned = await pins.all_pins(connection)
            items, goals = await open_items.items(connection)
            edges = await open_items.edges(connection, items)
            counted = await _counted(connection, Horizon(plan, ()), ())
        backlog = Backlog(plan, items, edges, goals, tuple(pinned))
        horizon, told = await asyncio.to_thread(_built, backlog)
        return counted._replace(horizon=horizon, heads=told)


def _built(backlog: Backlog) -> tuple[Horizon, Heads]:
    horizon = horizon_of(backlog)
    _ = horizon.standing.positions
    return horizon, heads(horizon.board.items)


def _led(horizon: Horizon, known: Heads, change: Change) -> tuple[Horizon, Heads]:
    later = horizon.after(change)
    _ = later.standing.positions
    fresh = [node for one in change.items if (node := later.board.number.get(one))]
    return later, heads(later.board.items, known, fresh)
