"""The Definitions of Done side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from service.api.http import respond
from service.api.http.auth import Viewer
from service.api.http.deps import InContext
from service.api.models.done import DefinitionsOfDone
from service.domain.done import Comparison, Criterion, Difference, compare
from service.flow.context import Context
from service.flow.product_plan import catalogue, plan_of
from service.store.backlog import overview
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/dod", tags=["definition of done"])


@router.get(
    "",
    operation_id="getDefinitionsOfDone",
    summary="Each criterion once, with every team's own words or its absence",
    responses={200: {"model": DefinitionsOfDone}},
)
async def get_dod(request: Request, _asking: Viewer, context: InContext) -> Response:
    async def build(connection: Connection) -> bytes:
        stored = await overview.definitions_of_done(connection)
        return orjson.dumps(_describe_definitions(context, stored))

    return await respond.answer(request, build)


def _describe_definitions(
    context: Context, stored: Mapping[str, tuple[Sequence[str], Any]]
) -> dict[str, Any]:
    teams = [team.key for team in context.product.teams]
    lines = {team: stored[team][0] if team in stored else [] for team in teams}
    plan = plan_of(context.product, context.today)
    comparison: Comparison = compare(lines, plan.baseline, catalogue())
    return {
        "criteria": [_criterion(one, teams) for one in comparison.criteria],
        "teams": [
            {"team": team, "origin": stored[team][1] if team in stored else None, "lines": lines[team]}
            for team in teams
        ],
        "differences": [_difference(one) for one in comparison.differences],
    }


def _criterion(criterion: Criterion, teams: Sequence[str]) -> dict[str, Any]:
    wordings = {team: criterion.by_team.get(team) for team in teams}
    return {
        "id": criterion.id,
        "text": criterion.text,
        "baseline": criterion.baseline,
        "by_team": {
            team: wording and {"text": wording.text, "figure": wording.figure, "unit": wording.unit}
            for team, wording in wordings.items()
        },
    }


def _difference(difference: Difference) -> dict[str, Any]:
    return {"criterion": difference.criterion, "team": difference.team, "kind": difference.kind}
