"""The overarching backlog as it stood at the end of a day."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson
from fastapi import Request, Response

from service.api.http import paging, respond
from service.api.http.problems import invalid
from service.domain.plan.item import Item
from service.flow.as_of import BacklogAsOf, read_backlog_as_of
from service.flow.context import Context
from service.store.backlog import as_of as stored_history
from service.store.backlog import backlog
from service.store.backlog.as_of import Halves
from service.store.backlog.backlog import Filters, LiveFacts, Sort
from service.store.database.engine import Connection

_LAST = 2**62


async def answer(
    request: Request, context: Context, page: paging.PageQuery, filters: Filters, day: date, sort: Sort
) -> Response:
    """Items without a sort value come last, by id."""
    if errors := list(_misfits(context, filters, day, sort)):
        raise invalid(errors)
    kind = f"backlog-at:{day}:{sort}"

    async def build(connection: Connection) -> respond.RenderedPage:
        stood = await read_backlog_as_of(context, connection, day)
        key = _keys(stood)[sort]
        rows = sorted(stood.select(filters), key=key)
        shown, following = paging.cut(page, kind, rows, lambda _, item: key(item))
        halves = await stored_history.halves(connection, [item.id for item in shown], context.stale_before)
        items = [_render_as_of(stood, item, halves[item.id]) for item in shown if item.id in halves]
        return respond.RenderedPage(paging.page(items, following), following)

    return await respond.answer(request, build)


def _misfits(context: Context, filters: Filters, day: date, sort: Sort) -> list[dict[str, str]]:
    messages = {
        "at": day > context.today and "lies in the future",
        "sort": sort == "updated" and "cannot be had with at",
        "has_conflicts": filters.has_conflicts is not None and "cannot be had with at",
        "stale": filters.is_stale is not None and "cannot be had with at",
        "updated_since": filters.updated_since is not None and "cannot be had with at",
    }
    return [{"field": field, "message": message} for field, message in messages.items() if message]


Key = Callable[[Item], tuple[float | str, ...]]


def _keys(stood: BacklogAsOf) -> Mapping[Sort, Key]:
    return {
        "position": lambda item: (stood.positions.get(item.id, _LAST), item.id),
        "due": lambda item: (item.due.isoformat() if item.due else "~", item.id),
        "priority": lambda item: (item.priority or _LAST, item.id),
    }


def _render_as_of(stood: BacklogAsOf, item: Item, half: Halves) -> bytes:
    place, in_team = stood.positions.get(item.id), stood.order.team_position.get(item.id)
    current = LiveFacts(place, in_team, half.conflicts, half.is_stale)
    now: dict[str, Any] = orjson.loads(backlog.join(current, half.record, half.derived))
    then = {
        "team": item.team,
        "state": item.state,
        "priority": item.priority,
        "priority_name": item.priority_name,
        "start": item.start,
        "start_from": item.start_from,
        "due": item.due,
        "due_from": item.due_from,
        "effective_priority": stood.order.effective.get(item.id),
        "goal": stood.goals.get(item.id),
    }
    if item.state != half.state or item.id in stood.words:
        then["status"] = stood.words.get(item.id, item.state)
    return orjson.dumps(now | then)
