"""Every event ever raised, in order: as a list, and as server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from service.api.http import auth, paging, respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.http.paging import DEFAULT_LIMIT, Cursor, Limit
from service.api.http.problems import Problem, invalid
from service.api.models import webhooks as models
from service.flow.context import Context
from service.store.database.engine import Connection
from service.store.telling import events
from service.store.telling.events import StoredEvent

router = APIRouter(prefix="/v1/events", tags=["events"])

LOOK_EVERY = 0.5  # seconds between looks for what is new
HEARTBEAT = 15.0  # seconds after which a silent stream says that it is alive
_BATCH = 500
_LARGEST = 2**63 - 1

After = Annotated[str | None, Query(max_length=100, description="An event's `id` or `seq`: what came later")]


def render_event(stored: StoredEvent) -> bytes:
    event = stored.event
    return orjson.dumps(
        {
            "seq": stored.seq,
            "id": event.id,
            "type": event.type,
            "timestamp": event.timestamp,
            "teams": event.teams,
            "kind": event.kind,
            "severity": event.severity,
            "data": event.data,
        }
    )


@router.get(
    "",
    operation_id="listEvents",
    summary="What happened, oldest first",
    responses={200: {"model": models.EventList}},
)
async def list_events(
    request: Request,
    context: InContext,
    _asking: Viewer,
    after: After = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    place = paging.place_of(cursor, "events", seq=paging.NUMBER)
    async with context.database.read() as connection:
        seq = place[0] if place else await _seq(connection, after or "0", "after")
        stored_events = await events.after(connection, seq, limit + 1)
    shown = stored_events[:limit]
    following = (
        paging.encode_cursor({"of": "events", "seq": shown[-1].seq}) if len(stored_events) > limit else None
    )
    return respond.fresh_list(request, [render_event(one) for one in shown], following)


async def _seq(connection: Connection, place: str, field: str) -> int:
    if place.isascii() and place.isdigit() and int(place) <= _LARGEST:
        return int(place)
    seq = await events.seq_of(connection, place)
    if seq is None:
        raise invalid([{"field": field, "message": "not the id or seq of an event"}])
    return seq


@router.get(
    "/stream",
    operation_id="streamEvents",
    summary="The same as server-sent events; from now on, or from `Last-Event-ID` or `after`",
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    response_class=StreamingResponse,
)
async def stream_events(
    request: Request,
    context: InContext,
    _asking: Viewer,
    after: After = None,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
) -> StreamingResponse:
    async with context.database.read() as connection:
        if last_event_id or after:
            seq = await _seq(
                connection, last_event_id or after or "", "Last-Event-ID" if last_event_id else "after"
            )
        else:
            seq = await events.last_seq(connection)
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_stream(request, context, seq), headers=headers, media_type="text/event-stream")


async def _stream(request: Request, context: Context, seq: int) -> AsyncIterator[bytes]:
    """Ends when the token is revoked. The browser comes back with the last id it saw."""
    yield b"retry: 2000\n\n"
    silent = 0.0
    while True:
        async with context.database.read() as connection:
            stored_events = await events.after(connection, seq, _BATCH)
        for event in stored_events:
            yield b"id: %b\nevent: %b\ndata: %b\n\n" % (
                event.event.id.encode(),
                event.event.type.encode(),
                render_event(event),
            )
            seq = event.seq
        silent = 0.0 if stored_events else silent + LOOK_EVERY
        if silent >= HEARTBEAT:
            if not await _is_welcome(request, context):
                return
            yield b": alive\n\n"
            silent = 0.0
        if len(stored_events) < _BATCH:
            await asyncio.sleep(LOOK_EVERY)


async def _is_welcome(request: Request, context: Context) -> bool:
    request.state.revision = None
    try:
        await auth.principal(request, context)
    except Problem:
        return False
    return True
