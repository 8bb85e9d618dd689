"""Dependencies between items, and between teams."""

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.http import paging, respond
from service.api.http.auth import Po, Principal, Viewer
from service.api.http.deps import InContext
from service.api.http.params import Words
from service.api.http.problems import Problem, invalid
from service.api.models.base import Health, Origin
from service.api.models.dependencies import Dependency, DependencyList, Matrix
from service.api.plan.order import ItemId
from service.errors import NotFound
from service.flow.context import Context
from service.flow.decisions import declare as flow
from service.store.backlog import backlog
from service.store.database.engine import Connection
from service.store.dependencies import dependency_lists as edges
from service.store.dependencies.dependency_lists import Filters

router = APIRouter(prefix="/v1/dependencies", tags=["dependencies"])

DependencyPath = Annotated[str, Path(max_length=100, examples=["dep_7b51342e615ac4dbd64b2a79"])]


class DependencyQuery(paging.PageQuery, BaseModel):
    team: Words = Field([], description="At either end")
    cross_team: bool | None = None
    origin: list[Origin] = []
    health: list[Health] = []


class NewDependency(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"blocker": "backoffice:10400", "dependent": "stores-gh:12"}]},
    )

    blocker: ItemId
    dependent: ItemId


@router.get(
    "",
    operation_id="listDependencies",
    summary="All dependencies",
    responses={200: {"model": DependencyList}},
)
async def list_dependencies(
    request: Request, _asking: Viewer, query: Annotated[DependencyQuery, Query()]
) -> Response:
    place = paging.place_of(query.cursor, "dependencies", id=paging.TEXT)
    after = place[0] if place else None
    filters = Filters(query.team, query.cross_team, query.origin, query.health)

    async def build(connection: Connection) -> respond.RenderedPage:
        rows = await edges.page(connection, filters, after, query.limit + 1)
        shown = rows[: query.limit]
        more = len(rows) > query.limit
        following = paging.encode_cursor({"of": "dependencies", "id": shown[-1].id}) if more else None
        return respond.RenderedPage(
            paging.page([orjson.dumps(edge._asdict()) for edge in shown], following), following
        )

    return await respond.answer(request, build)


@router.get(
    "/matrix",
    operation_id="getDependencyMatrix",
    summary="Which team waits for which, on how many open dependencies",
    responses={200: {"model": Matrix}},
)
async def get_matrix(request: Request, _asking: Viewer, context: InContext) -> Response:
    async def build(connection: Connection) -> bytes:
        cells = await edges.matrix(connection)
        team_keys = [team.key for team in context.product.teams]
        teams = team_keys + sorted({team for cell in cells for team in (cell.team, cell.on)} - set(team_keys))
        waits: dict[str, dict[str, Any]] = {team: {} for team in teams}
        for cell in cells:
            waits[cell.team][cell.on] = {"open": cell.open, "not_ok": cell.not_ok}
        rows = [{"team": team, "waits_for": found} for team, found in waits.items()]
        return orjson.dumps({"teams": teams, "rows": rows})

    return await respond.answer(request, build)


@router.post(
    "",
    operation_id="declareDependency",
    summary="Declare a dependency the trackers do not hold; it is judged before the answer",
    status_code=201,
    responses={
        201: {"model": Dependency},
        200: {"model": Dependency, "description": "It was declared before"},
    },
)
async def declare(context: InContext, asking: Po, body: NewDependency) -> Response:
    await _check(context, asking, body)
    edge, is_new = await flow.declare(context, body.blocker, body.dependent, asking.name)
    headers = {"location": f"/v1/dependencies/{edge.id}"}
    return Response(orjson.dumps(edge._asdict()), 201 if is_new else 200, headers, "application/json")


async def _check(context: Context, asking: Principal, body: NewDependency) -> None:
    ends = {"blocker": body.blocker, "dependent": body.dependent}
    async with context.database.read() as connection:
        teams = await backlog.teams_of(connection, list(ends.values()))
    if errors := [
        {"field": name, "message": "there is no such item"}
        for name, item_id in ends.items()
        if item_id not in teams
    ]:
        raise invalid(errors)
    if body.blocker == body.dependent:
        raise invalid([{"field": "dependent", "message": "an item cannot wait for itself"}])
    _demand_own(asking, tuple(teams.values()))


def _demand_own(asking: Principal, teams: tuple[str, ...]) -> None:
    if not asking.may_write_any(teams):
        raise Problem(403, "Forbidden", "Neither item belongs to a team this token acts for.")


@router.get(
    "/{dependency_id}",
    operation_id="getDependency",
    summary="One dependency",
    responses={200: {"model": Dependency}},
)
async def get_dependency(request: Request, _asking: Viewer, dependency_id: DependencyPath) -> Response:
    async def build(connection: Connection) -> bytes:
        edge = await edges.get(connection, dependency_id)
        if edge is None:
            raise NotFound("dependency", dependency_id)
        return orjson.dumps(edge._asdict())

    return await respond.answer(request, build)


@router.delete(
    "/{dependency_id}",
    operation_id="takeBackDependency",
    summary="Take a declared dependency back",
    status_code=204,
    response_class=Response,
)
async def take_back(context: InContext, asking: Po, dependency_id: DependencyPath) -> Response:
    async with context.database.read() as connection:
        edge = await edges.get(connection, dependency_id)
        if edge is None:
            raise NotFound("dependency", dependency_id)
        teams = await backlog.teams_of(connection, [edge.blocker, edge.dependent])
    _demand_own(asking, tuple(teams.values()))
    try:
        await flow.take_back(context, dependency_id)
    except flow.OriginError:
        detail = "It comes from a tracker; only a declared dependency can be taken back here."
        raise Problem(409, "Not declared here", detail) from None
    return Response(status_code=204)
