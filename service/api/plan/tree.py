"""Goals → epics → issues, with what they add up to."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from config.product import Product
from service.api.http import paging, respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.http.params import Words
from service.api.models.tree import Tree
from service.store.backlog import overview, tree
from service.store.backlog.overview import Rollup
from service.store.backlog.tree import Epic, Filters, Issue
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/backlog", tags=["backlog"])


class TreeQuery(BaseModel):
    goal: Words = []
    team: Words = Field([], description="Of the epic")
    state: Literal["open", "any"] = Field("open", description="Of the epics; issues come in any state")
    issues: int = Field(20, ge=0, le=100, description="Listed per epic; roll-ups count all")
    limit: paging.Limit = Field(paging.DEFAULT_LIMIT, description="Epics per page")
    cursor: paging.Cursor = None


@router.get(
    "/tree",
    operation_id="getBacklogTree",
    summary="Goals, their epics, and the epics' issues",
    responses={200: {"model": Tree}},
)
async def get_tree(
    request: Request, _asking: Viewer, context: InContext, query: Annotated[TreeQuery, Query()]
) -> Response:
    after = paging.place_of(query.cursor, "tree", rank=paging.NUMBER, place=paging.NUMBER, id=paging.TEXT)
    filters = Filters(
        goals=[goal.key for goal in context.product.goals],
        chosen=query.goal,
        teams=query.team,
        is_open_only=query.state == "open",
    )

    async def build(connection: Connection) -> respond.RenderedPage:
        rows = await tree.epics(connection, filters, after, query.limit + 1)
        epics = rows[: query.limit]
        following = _cursor(epics[-1]) if len(rows) > query.limit else None
        ids = [epic.id for epic in epics]
        nodes = _nodes(
            epics,
            summed(await tree.rollups(connection, ids)),
            await tree.issues(connection, ids, query.issues),
        )
        goals = _goals(context.product, query.goal, summed(await overview.goal_rollups(connection)), nodes)
        return respond.RenderedPage(orjson.dumps({"items": goals, "next": following}), following)

    return await respond.answer(request, build)


def _cursor(last: Epic) -> str:
    return paging.encode_cursor({"of": "tree", "rank": last.rank, "place": last.place, "id": last.id})


def summed(parts: Iterable[Rollup]) -> dict[str | None, dict[str, Any]]:
    """By node; a node without any issue has no entry (``NOTHING`` stands for it)."""
    sums: dict[str | None, dict[str, Any]] = {}
    for part in parts:
        node = sums.setdefault(part.node, dict(NOTHING))
        node[part.state] = part.count
        node["start"] = min(filter(None, (node["start"], part.start)), default=None)
        node["due"] = max(filter(None, (node["due"], part.due)), default=None)
    for node in sums.values():
        wanted = node["todo"] + node["doing"] + node["done"]
        node["share_done"] = round(node["done"] / wanted, 4) if wanted else None
    return sums


NOTHING: Mapping[str, Any] = {
    "todo": 0,
    "doing": 0,
    "done": 0,
    "dropped": 0,
    "start": None,
    "due": None,
    "share_done": None,
}


def _nodes(
    epics: Sequence[Epic], rollups: Mapping[str | None, Any], issues: Sequence[Issue]
) -> dict[str | None, list[dict[str, Any]]]:
    """Epics as they are answered, by goal."""
    under: dict[str, list[dict[str, Any]]] = {}
    for issue in issues:
        node = issue._asdict()
        under.setdefault(node.pop("epic"), []).append(node)
    nodes: dict[str | None, list[dict[str, Any]]] = {}
    for epic in epics:
        node = {name: getattr(epic, name) for name in _EPIC_FIELDS}
        node |= {"kind": "epic", "rollup": rollups.get(epic.id, NOTHING), "issues": under.get(epic.id, [])}
        nodes.setdefault(epic.goal, []).append(node)
    return nodes


_EPIC_FIELDS = ("id", "key", "team", "title", "state", "priority", "start", "due", "conflicts")


def _goals(
    product: Product, chosen: Sequence[str], rollups: Mapping[str | None, Any], epics: Mapping[Any, Any]
) -> list[dict[str, Any]]:
    goal_names: list[tuple[str | None, str | None, Any]] = [
        (goal.key, goal.name, goal.metric and goal.metric.model_dump()) for goal in product.goals
    ]
    goal_names.append((None, None, None))
    return [
        {
            "key": key,
            "name": name,
            "metric": metric,
            "rollup": rollups.get(key, NOTHING),
            "epics": epics.get(key, []),
        }
        for key, name, metric in goal_names
        if not chosen or key in chosen
    ]
