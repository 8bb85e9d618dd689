"""What changed on an item, and when."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from service.api.http import paging, respond
from service.api.http.auth import Viewer
from service.api.models.items import History
from service.api.plan.items import ItemPath
from service.domain.plan.history import Change
from service.errors import NotFound
from service.store.backlog import backlog, history
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/items", tags=["items"])


@router.get(
    "/{item_id:path}/history",
    operation_id="getItemHistory",
    summary="What changed and when, oldest first: dates, state, priority, sprint, team, order",
    responses={200: {"model": History}},
)
async def get_item_history(
    request: Request, _asking: Viewer, item_id: ItemPath, query: Annotated[paging.PageQuery, Query()]
) -> Response:
    after = paging.place_of(query.cursor, "history", at=paging.MOMENT, ref=paging.TEXT, field=paging.TEXT)

    async def build(connection: Connection) -> respond.RenderedPage:
        if not await backlog.teams_of(connection, [item_id]):
            raise NotFound("item", item_id)
        changes = await history.page(connection, item_id, after, query.limit + 1)
        shown = changes[: query.limit]
        following = _cursor(shown[-1]) if len(changes) > query.limit else None
        return respond.RenderedPage(
            paging.page([orjson.dumps(_describe_change(one)) for one in shown], following), following
        )

    return await respond.answer(request, build)


def _cursor(last: Change) -> str:
    return paging.encode_cursor({"of": "history", "at": last.at, "ref": last.ref, "field": last.field})


def _describe_change(change: Change) -> dict[str, Any]:
    return {
        "at": respond.moment(change.at),
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "by": change.by,
        "origin": "read" if change.ref.startswith("read:") else "tracker",
    }
