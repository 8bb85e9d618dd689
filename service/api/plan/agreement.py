"""What two teams agreed on a dependency between them, and the steps that each may take."""

from datetime import datetime
from typing import Any, Literal

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.http import respond
from service.api.http.auth import Po, Principal, Viewer
from service.api.http.deps import InContext
from service.api.http.problems import Problem, invalid
from service.api.judgement.conflicts import Prose
from service.api.models.base import AnswerModel
from service.api.plan.dependencies import DependencyPath
from service.domain.conflict.agreement import SIDE, Action, DayError, StateError
from service.domain.plan.relations import Day
from service.errors import NotFound
from service.flow.context import Context
from service.flow.decisions.agree import Ends, Move, agree, ends_of
from service.store.database.engine import Connection
from service.store.dependencies import agreements
from service.store.dependencies.agreements import Step

router = APIRouter(prefix="/v1/dependencies/{dependency_id}/agreement", tags=["dependencies"])


class AgreementStep(AnswerModel):
    at: datetime
    what: Literal["requested", "committed", "proposed", "declined", "accepted", "withdrawn"]
    by: str = Field(description="The name of the token")
    date: Day | None = Field(description="The day it names")
    note: str | None


class Agreement(AnswerModel):
    model_config = ConfigDict(
        json_schema_serialization_defaults_required=True,
        json_schema_extra={
            "examples": [
                {
                    "dependency": "dep_7b51342e615ac4dbd64b2a79",
                    "state": "requested",
                    "needed_by": "2026-03-13",
                    "date": None,
                    "steps": [
                        {
                            "at": "2026-03-02T09:00:00Z",
                            "what": "requested",
                            "by": "PO Stores",
                            "date": "2026-03-13",
                            "note": "The pilot starts on the 16th",
                        }
                    ],
                }
            ]
        },
    )

    dependency: str
    state: Literal["none", "requested", "committed", "proposed", "declined"]
    needed_by: Day | None = Field(description="The day the waiting team asked for")
    date: Day | None = Field(description="The day the blocker's team committed to, or proposes")
    steps: list[AgreementStep] = Field(description="Oldest first; they stay when a request is withdrawn")


class AgreementRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"needed_by": "2030-03-13", "note": "The pilot starts on the 16th"}]},
    )

    needed_by: Day
    note: Prose | None = None


class AgreementCommitment(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"date": "2030-03-12"}]})

    date: Day | None = Field(
        default=None, description="Default: the day that is asked for; never a later one"
    )
    note: Prose | None = None


class AgreementProposal(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"date": "2030-03-20", "note": "The supplier delivers on the 18th"}]},
    )

    date: Day = Field(description="Later than the day that is asked for")
    note: Prose | None = None


class AgreementRefusal(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note": "Not before the summer"}]}
    )

    note: Prose


class AgreementNote(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"note": "Agreed"}]})

    note: Prose | None = None


_AGREED: dict[int | str, dict[str, Any]] = {200: {"model": Agreement}}


@router.get(
    "", operation_id="getAgreement", summary="What is agreed, and how it came to that", responses=_AGREED
)
async def get_agreement(request: Request, _asking: Viewer, dependency_id: DependencyPath) -> Response:
    async def build(connection: Connection) -> bytes:
        await _ends(connection, dependency_id)
        return await _rendered(connection, dependency_id)

    return await respond.answer(request, build)


@router.post(
    "/request",
    operation_id="requestAgreement",
    summary="Ask the blocker's team to have it by a day",
    responses=_AGREED,
)
async def request_agreement(
    context: InContext, asking: Po, dependency_id: DependencyPath, body: AgreementRequest
) -> Response:
    move = Move("request", asking.name, body.needed_by, body.note)
    return await _take(context, asking, dependency_id, move, "needed_by")


@router.post(
    "/commit",
    operation_id="commitAgreement",
    summary="Commit to the day, or an earlier one",
    responses=_AGREED,
)
async def commit_agreement(
    context: InContext, asking: Po, dependency_id: DependencyPath, body: AgreementCommitment | None = None
) -> Response:
    commitment = body or AgreementCommitment()
    return await _take(
        context, asking, dependency_id, Move("commit", asking.name, commitment.date, commitment.note)
    )


@router.post("/propose", operation_id="proposeAgreement", summary="Propose a later day", responses=_AGREED)
async def propose_agreement(
    context: InContext, asking: Po, dependency_id: DependencyPath, body: AgreementProposal
) -> Response:
    return await _take(context, asking, dependency_id, Move("propose", asking.name, body.date, body.note))


@router.post("/decline", operation_id="declineAgreement", summary="Decline, and say why", responses=_AGREED)
async def decline_agreement(
    context: InContext, asking: Po, dependency_id: DependencyPath, body: AgreementRefusal
) -> Response:
    return await _take(context, asking, dependency_id, Move("decline", asking.name, note=body.note))


@router.post(
    "/accept",
    operation_id="acceptAgreement",
    summary="Accept the proposed day: it becomes a commitment",
    responses=_AGREED,
)
async def accept_agreement(
    context: InContext, asking: Po, dependency_id: DependencyPath, body: AgreementNote | None = None
) -> Response:
    return await _take(context, asking, dependency_id, Move("accept", asking.name, note=_note(body)))


@router.post(
    "/withdraw",
    operation_id="withdrawAgreement",
    summary="Take the request back, and what was agreed with it",
    responses=_AGREED,
)
async def withdraw_agreement(
    context: InContext, asking: Po, dependency_id: DependencyPath, body: AgreementNote | None = None
) -> Response:
    return await _take(context, asking, dependency_id, Move("withdraw", asking.name, note=_note(body)))


def _note(body: AgreementNote | None) -> str | None:
    return None if body is None else body.note


async def _take(
    context: Context, asking: Principal, dependency: str, move: Move, field: str = "date"
) -> Response:
    """``field``: where the body names the day."""
    async with context.database.read() as connection:
        _demand_side(asking, await _ends(connection, dependency), move.action)
    try:
        await agree(context, dependency, move)
    except StateError as error:
        raise Problem(409, "Not in this state", str(error)) from None
    except DayError as error:
        raise invalid([{"field": field, "message": str(error)}]) from None
    async with context.database.read() as connection:
        return Response(await _rendered(connection, dependency), media_type="application/json")


async def _ends(connection: Connection, dependency: str) -> Ends:
    pair = await ends_of(connection, dependency)
    if pair is None:
        raise NotFound("dependency", dependency)
    return pair


def _demand_side(asking: Principal, ends: Ends, action: Action) -> None:
    side = SIDE[action]
    team = (ends.blocker if side == "blocker" else ends.dependent).team
    if not asking.may_write(team):
        raise Problem(403, "Forbidden", f"This is for the team of the {side}, {team}, to say.")


async def _rendered(connection: Connection, dependency: str) -> bytes:
    binding = (await agreements.binding(connection, [dependency])).get(dependency)
    steps = [_shown(step) for step in await agreements.steps(connection, dependency)]
    rendered: dict[str, Any] = {"state": "none", "needed_by": None, "date": None}
    if binding is not None:
        rendered = {"state": binding.state, "needed_by": binding.needed_by, "date": binding.date}
    return orjson.dumps({"dependency": dependency, **rendered, "steps": steps})


def _shown(step: Step) -> dict[str, Any]:
    return {
        "at": respond.moment(step.at),
        "what": step.what,
        "by": step.by,
        "date": step.day,
        "note": step.note,
    }
