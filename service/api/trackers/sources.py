"""Sources: how fresh each is, and what attune could not read of it."""

from collections import Counter
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from connectors.contract import Quota
from service.api.http import paging, respond
from service.api.http.auth import Admin, Viewer
from service.api.http.counted import counted
from service.api.http.deps import InContext
from service.api.http.paging import PageQuery
from service.api.models.sources import SourceList, Sync
from service.api.plan.teams import teams_of
from service.api.trackers.source_report import SourceReport, quota_of, state_of
from service.api.trackers.source_warnings import warnings_of
from service.errors import NotFound
from service.flow.context import Context
from service.flow.reading.sync import request_sync
from service.flow.unconfigured import unconfigured_by_source
from service.store.backlog import overview
from service.store.backlog.overview import Coverage
from service.store.naming import look_ups
from service.store.sources import rejected_records, sources, syncs, unread_parts

router = APIRouter(prefix="/v1", tags=["sources"])

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
    described = [_described(report, context) for report in await _reports(request, context)]
    shown, following = paging.cut(query, "sources", described, lambda _, source: (source["key"],))
    return respond.fresh_list(request, map(orjson.dumps, shown), following)


async def _reports(request: Request, context: Context) -> list[SourceReport]:
    """Of the sources in the product file, by key."""
    async with context.database.read() as connection:
        rows = {row.key: row for row in await sources.all_sources(connection)}
        rejected = {key: await rejected_records.newest(connection, key) for key in rows}
        unread = await unread_parts.counts(connection)
        unasked = await look_ups.unasked_counts(connection)
    items = Counter[str]()
    for key, _, count in await counted(request, overview.items_by_source):
        items[key] += count
    coverages = await counted(request, overview.coverages)
    stale_items = await counted(request, overview.stale_by_source, context.stale_before)
    unconfigured = await counted(request, unconfigured_by_source)
    present = [(options, rows[options.key]) for options in context.product.sources if options.key in rows]
    return [
        SourceReport(
            options=options,
            row=row,
            state=state_of(row, options, context.clock()),
            items=items[row.key],
            stale_items=stale_items.get(row.key, 0),
            coverage=coverages.get(row.key, Coverage(row.key, 0, 0, 0, 0, 0, 0, 0)),
            rejected=rejected[row.key],
            unread=unread.get(row.key, {}),
            unasked=unasked.get(row.key, 0),
            unconfigured=unconfigured.get(row.key, ()),
            quota=quota_of(options, present),
        )
        for options, row in sorted(present, key=lambda one: one[1].key)
    ]


def _described(report: SourceReport, context: Context) -> dict[str, Any]:
    row = report.row
    return {
        "key": row.key,
        "type": report.options.type,
        "state": report.state,
        "teams": teams_of(report.options),
        "items": report.items,
        "stale_items": report.stale_items,
        "complete": row.complete,
        **{name: respond.moment(getattr(row, name)) for name in _MOMENTS},
        "rejected": [record._asdict() for record in report.rejected],
        "rejected_count": row.rejected_count,
        "unmapped": row.unmapped_words,
        "missing": row.told("missing"),
        "coverage": {name: getattr(report.coverage, name) for name in _COVERED},
        "hidden": report.coverage.hidden,
        "unread": report.unread,
        "unasked_names": report.unasked,
        "unconfigured": [project._asdict() for project in report.unconfigured],
        "warnings": warnings_of(report, context.product.product.language),
        "notes": row.told("notes"),
        "requests": row.requests,
        "quota": None if report.quota is None else _quota(report.quota),
        "error": row.error,
        "error_reason": row.error_reason,
    }


def _quota(quota: Quota) -> dict[str, Any]:
    return quota._asdict() | {"resets_at": respond.moment(quota.resets_at.timestamp())}


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
    values = {name: getattr(row, name) for name in Sync.model_fields}
    moments = {name: respond.moment(values[name]) for name in ("started", "finished")}
    return orjson.dumps(values | moments)
