"""Goals, their metric, and the work that serves them."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from config.product import Product
from service.api.http import paging, respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.http.paging import PageQuery
from service.api.models.teams import GoalList
from service.api.plan.teams import share
from service.api.plan.tree import NOTHING, summed
from service.store.backlog import overview
from service.store.backlog.overview import Load
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/goals", tags=["goals"])


@router.get(
    "",
    operation_id="listGoals",
    summary="Goals in the Chief PO's order, and each team's share of work that serves one",
    responses={200: {"model": GoalList}},
)
async def list_goals(
    request: Request, _asking: Viewer, context: InContext, query: Annotated[PageQuery, Query()]
) -> Response:
    async def build(connection: Connection) -> respond.RenderedPage:
        described = await _goals(connection, context.product)
        goals, following = paging.cut(query, "goals", described, paging.by_number)
        loads = await overview.loads(connection)
        shares = [_share(loads.get(one.key, Load(one.key, 0, 0, 0, 0))) for one in context.product.teams]
        body = orjson.dumps({"items": goals, "next": following, "shares": shares})
        return respond.RenderedPage(body, following)

    return await respond.answer(request, build)


async def _goals(connection: Connection, product: Product) -> list[dict[str, Any]]:
    rollups = summed(await overview.goal_rollups(connection))
    teams: dict[str, list[dict[str, Any]]] = {}
    for goal_team in await overview.goal_teams(connection):
        teams.setdefault(goal_team.goal, []).append(
            {"team": goal_team.team, "open_items": goal_team.open, "open_epics": goal_team.epics}
        )
    return [
        {
            "key": goal.key,
            "name": goal.name,
            "metric": goal.metric and goal.metric.model_dump(),
            "rollup": rollups.get(goal.key, NOTHING),
            "teams": teams.get(goal.key, []),
        }
        for goal in product.goals
    ]


def _share(load: Load) -> dict[str, Any]:
    return {"team": load.team, "open_items": load.open, "serving": load.serving, "share": share(load)}
