"""One item, and what it hangs on."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from config.product import Product
from service.api.http import respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.models.dependencies import Graph
from service.api.models.items import ItemDetail
from service.domain.order.reasons import mentioned, revived, worded
from service.errors import NotFound
from service.store.backlog import backlog
from service.store.backlog.backlog import LiveFacts
from service.store.database.engine import Connection
from service.store.dependencies import dependency_lists as edges

router = APIRouter(prefix="/v1/items", tags=["items"])

ItemPath = Annotated[str, Path(max_length=300, examples=["online-jira:10023"])]
"""Ids of a source with several repositories hold a slash, so this route takes what no other does."""

DEEPEST = 50


@router.get(
    "/{item_id:path}/dependencies",
    operation_id="getItemDependencies",
    summary="The dependency graph around an item, in both directions",
    responses={200: {"model": Graph}},
)
async def get_item_dependencies(
    request: Request,
    _asking: Viewer,
    item_id: ItemPath,
    depth: Annotated[int, Query(ge=1, le=DEEPEST, description="Steps in each direction")] = DEEPEST,
) -> Response:
    async def build(connection: Connection) -> bytes:
        if not await backlog.teams_of(connection, [item_id]):
            raise NotFound("item", item_id)
        graph = await edges.read_graph(connection, item_id, depth)
        return orjson.dumps(
            {
                "nodes": [node._asdict() for node in graph.nodes],
                "edges": [edge._asdict() for edge in graph.edges],
                "truncated": graph.truncated,
            }
        )

    return await respond.answer(request, build)


@router.get(
    "/{item_id:path}",
    operation_id="getItem",
    summary="One item, with the reasons for its position",
    responses={200: {"model": ItemDetail}},
)
async def get_item(request: Request, _asking: Viewer, context: InContext, item_id: ItemPath) -> Response:
    async def build(connection: Connection) -> bytes:
        row = await backlog.get(connection, item_id, context.stale_before)
        if row is None:
            raise NotFound("item", item_id)
        place = None
        if row.position is not None:
            place = (await backlog.ordinals(connection, [row.position]))[row.position]
        in_team = (await backlog.team_positions(connection, [item_id])).get(item_id)
        why = await _why(connection, context.product, item_id, row.why, in_team)
        reasons = b',"why":%b' % orjson.dumps(why)
        current = LiveFacts(place, in_team, row.conflicts, bool(row.is_stale))
        return backlog.join(current, bytes(row.record), bytes(row.derived), reasons)

    return await respond.answer(request, build)


async def _why(
    connection: Connection, product: Product, item_id: str, stored: str | None, in_team: int | None
) -> Any:
    """Null for a closed item, and for one that no analysis has seen yet."""
    if stored is None:
        return None
    reasons = revived(orjson.loads(stored), in_team)
    keys = await backlog.keys_of(connection, sorted(mentioned(reasons)))
    goals = {goal.key: goal.name for goal in product.goals}
    return worded(item_id, reasons, keys, goals, product.product.language)
