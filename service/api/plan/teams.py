"""Who owns what, and whom to ask."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from config.product import Product
from service.api.http import paging, respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.http.paging import PageQuery
from service.api.models.teams import Team, TeamList
from service.errors import NotFound
from service.store.backlog import overview
from service.store.backlog.overview import Load
from service.store.conflicts import listed_conflicts as conflicts
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/teams", tags=["teams"])

SEVERITIES = ("critical", "high", "medium", "low")


@router.get("", operation_id="listTeams", summary="All teams", responses={200: {"model": TeamList}})
async def list_teams(
    request: Request, _asking: Viewer, context: InContext, query: Annotated[PageQuery, Query()]
) -> Response:
    async def build(connection: Connection) -> respond.RenderedPage:
        described = await _teams(connection, context.product)
        shown, following = paging.cut(query, "teams", described, paging.by_number)
        return respond.RenderedPage(paging.page(map(orjson.dumps, shown), following), following)

    return await respond.answer(request, build)


@router.get("/{team}", operation_id="getTeam", summary="One team", responses={200: {"model": Team}})
async def get_team(
    request: Request,
    _asking: Viewer,
    context: InContext,
    team: Annotated[str, Path(max_length=100, examples=["online"])],
) -> Response:
    async def build(connection: Connection) -> bytes:
        for described in await _teams(connection, context.product):
            if described["key"] == team:
                return orjson.dumps(described)
        raise NotFound("team", team)

    return await respond.answer(request, build)


async def _teams(connection: Connection, product: Product) -> list[dict[str, Any]]:
    loads = await overview.loads(connection)
    clashes = await conflicts.counts_by_team(connection)
    return [
        _described(team, product)
        | _loaded(loads.get(team.key, Load(team.key, 0, 0, 0, 0)))
        | {"open_conflicts": {name: clashes.get(team.key, {}).get(name, 0) for name in SEVERITIES}}
        for team in product.teams
    ]


def _described(team: Any, product: Product) -> dict[str, Any]:
    return {
        "key": team.key,
        "name": team.name,
        "area": team.area,
        "owner": team.owner and {"name": team.owner.name, "email": team.owner.email},
        "components": list(team.components),
        "sources": [source.key for source in product.sources if team.key in teams_of(source)],
    }


def teams_of(source: Any) -> list[str]:
    """The teams that a source's items go to, each once."""
    return [source.team] if source.team else list(dict.fromkeys(route.team for route in source.route))


def _loaded(load: Load) -> dict[str, Any]:
    return {
        "items": load.items,
        "open_items": load.open,
        "open_with_due": load.with_dates,
        "goal_share": share(load),
    }


def share(load: Load) -> float | None:
    """Of a team's open items, how many serve a goal; None without any."""
    return round(load.serving / load.open, 4) if load.open else None
