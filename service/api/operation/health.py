"""Probes and figures, without a token: they say nothing of what is in the backlog but counts."""

from collections.abc import Mapping

import orjson
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from service.api.http.counted import counted
from service.api.http.deps import InContext
from service.api.models.operation import Liveness, Readiness
from service.api.operation import figures
from service.flow.context import Context
from service.store.backlog import overview
from service.store.conflicts import listed_conflicts as conflicts
from service.store.dependencies import dependency_lists as edges
from service.store.process import health, revision
from service.store.sources import sources

router = APIRouter(tags=["operation"])


@router.get(
    "/healthz",
    operation_id="isAlive",
    summary="The process answers",
    responses={200: {"model": Liveness}},
)
async def healthz() -> Response:
    return Response(b'{"status":"ok"}', media_type="application/json")


@router.get(
    "/readyz",
    operation_id="isReady",
    summary="The database is there, its tables are this version's, and a worker takes its jobs",
    responses={200: {"model": Readiness}, 503: {"model": Readiness}},
)
async def readyz(context: InContext) -> Response:
    checks = await health.checks(context.database)
    is_ready = all(checks.values())
    body = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return Response(orjson.dumps(body), 200 if is_ready else 503, media_type="application/json")


@router.get(
    "/metrics",
    operation_id="getFigures",
    summary="Figures for Prometheus",
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    response_class=Response,
)
async def metrics(request: Request, context: InContext) -> Response:
    return Response(figures.render(await _gauges(request, context)), media_type=CONTENT_TYPE_LATEST)


async def _gauges(request: Request, context: Context) -> Mapping[str, Mapping[tuple[str, ...], float]]:
    items = await counted(request, overview.items_by_source)
    conflict_counts = await counted(request, conflicts.counts)
    ailing = await counted(request, edges.health_counts)
    async with context.database.read() as connection:
        source_rows = await sources.all_sources(connection)
        now = await revision.current(connection)
    return {
        "attune_items": {(key, state): n for key, state, n in items},
        "attune_conflicts": {(state, name): n for state, name, n in conflict_counts},
        "attune_dependencies": {(name,): n for name, n in ailing.items()},
        "attune_source_up": {(row.key,): float(row.state in ("ok", "syncing")) for row in source_rows},
        "attune_source_read_seconds": {(row.key,): row.last_delta for row in source_rows if row.last_delta},
        "attune_source_requests": {(row.key,): row.requests for row in source_rows},
        "attune_source_rejected": {(row.key,): row.rejected_count for row in source_rows},
        "attune_revision": {(): now},
    }
