"""Sources: how fresh each is, and what attune could not read of it."""

from collections.abc import Sequence
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.http import paging, respond
from service.api.http.auth import Admin, Viewer
from service.api.http.counted import counted
from service.api.http.deps import InContext
from service.api.http.paging import PageQuery
from service.api.models.sources import SourceList, Sync
from service.api.plan.teams import teams_of
from service.errors import NotFound
from service.flow.context import Context
from service.flow.reading.sync import request_sync
from service.store.backlog import overview
from service.store.backlog.overview import Coverage
from service.store.sources import rejected_records, sources, syncs
from service.store.sources.rejected_records import RejectedRecord
from service.store.sources.sources import SourceRow

router = APIRouter(prefix="/v1", tags=["sources"])

STALE_AFTER = 3  # polls that did not come

_MOMENTS = ("last_delta", "last_sweep", "last_full_scan", "watermark", "failing_since")
_COVERED = ("open", "due", "start", "priority", "order", "dod")


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"full": True}]})

    full: bool = Field(False, description="Everything, not just what changed")


@router.get(
    "/sources",
    operation_id="listSources",
    summary="All sources",
    responses={200: {"model": SourceList}},
)
async def list_sources(
    request: Request, _asking: Viewer, context: InContext, query: Annotated[PageQuery, Query()]
) -> Response:
    async with context.database.read() as connection:
        rows = await sources.all_sources(connection)
        rejected = {row.key: await rejected_records.newest(connection, row.key) for row in rows}
    counts = await counted(request, overview.items_by_source)
    coverages = await counted(request, overview.coverages)
    items: dict[str, int] = {}
    for key, _, count in counts:
        items[key] = items.get(key, 0) + count
    found = [
        _source(context, row, items.get(row.key, 0), coverages.get(row.key), rejected[row.key])
        for row in rows
    ]
    known = [one for one in found if one is not None]
    shown, following = paging.cut(query, "sources", known, lambda _, one: (one["key"],))
    return respond.fresh_list(request, map(orjson.dumps, shown), following)


def _source(
    context: Context,
    row: SourceRow,
    items: int,
    coverage: Coverage | None,
    rejected: Sequence[RejectedRecord],
) -> dict[str, Any] | None:
    """None for a source that has left the product file."""
    options = next((one for one in context.product.sources if one.key == row.key), None)
    if options is None:
        return None
    capabilities = orjson.loads(row.capabilities) if row.capabilities else {}
    return {
        "key": row.key,
        "type": options.type,
        "state": _state(context, row, options),
        "teams": teams_of(options),
        "items": items,
        "complete": row.complete,
        **{name: respond.moment(getattr(row, name)) for name in _MOMENTS},
        "rejected": [record._asdict() for record in rejected],
        "rejected_count": row.rejected_count,
        "unmapped": orjson.loads(row.unmapped),
        "missing": capabilities.get("missing", []),
        "coverage": {name: getattr(coverage, name, 0) for name in _COVERED},
        "hidden": coverage.hidden if coverage else 0,
        "requests": row.requests,
        "error": row.error,
        "error_reason": row.error_reason,
    }


def _state(context: Context, row: Any, options: Any) -> str:
    """``stale``: it was read well, but not for some polls now (its worker may be away)."""
    allowed = STALE_AFTER * options.poll.total_seconds()
    is_late = row.last_delta is not None and context.clock() - row.last_delta > allowed
    return "stale" if row.state == "ok" and is_late else str(row.state)


@router.post(
    "/sources/{key}/sync",
    operation_id="syncSource",
    summary="Read a source now",
    status_code=202,
    responses={202: {"model": Sync}},
)
async def sync_source(
    context: InContext,
    _asking: Admin,
    key: Annotated[str, Path(max_length=100, examples=["online-jira"])],
    body: Wanted | None = None,
) -> Response:
    sync_id = await request_sync(context, key, body is not None and body.full)
    headers = {"location": f"/v1/syncs/{sync_id}"}
    return Response(await _sync(context, sync_id), 202, headers, "application/json")


@router.get(
    "/syncs/{sync_id}",
    operation_id="getSync",
    summary="A run of reading a source; `done` includes the analysis",
    responses={200: {"model": Sync}},
)
async def get_sync(
    request: Request,
    _asking: Viewer,
    context: InContext,
    sync_id: Annotated[str, Path(max_length=100, examples=["syn_8a1c"])],
) -> Response:
    return respond.fresh(request, await _sync(context, sync_id))


async def _sync(context: Context, sync_id: str) -> bytes:
    async with context.database.read() as connection:
        row = await syncs.get(connection, sync_id)
    if row is None:
        raise NotFound("sync", sync_id)
    found = {name: getattr(row, name) for name in Sync.model_fields}
    moments = {name: respond.moment(found[name]) for name in ("started", "finished")}
    return orjson.dumps(found | moments)
