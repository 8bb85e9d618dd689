"""Conflicts in the rulebook's order, and what people decide about them."""

from datetime import date, datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from service.api.http import paging, respond
from service.api.http.auth import Po, Principal, Viewer
from service.api.http.deps import InContext
from service.api.http.params import Words
from service.api.http.problems import Problem, invalid
from service.api.models.base import ConflictState, Severity
from service.api.models.conflicts import ConflictDetail, ConflictList
from service.api.plan.backlog import seconds
from service.domain.conflict.lifecycle import OPEN_CONFLICTS
from service.errors import NotFound
from service.flow.context import Context
from service.flow.decisions.decide import Action, Decision, DecisionError, decide
from service.flow.product_plan import in_product_order
from service.store.conflicts import listed_conflicts as conflicts
from service.store.conflicts import written_conflicts
from service.store.conflicts.listed_conflicts import Filters
from service.store.database.engine import Connection

router = APIRouter(prefix="/v1/conflicts", tags=["conflicts"])

ConflictPath = Annotated[str, Path(max_length=100, examples=["cfl_ba52972ebd7ea88290cdd903"])]
Prose = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]

_MOMENTS = ("first_seen", "last_seen", "resolved_at", "escalates_at", "escalated_at")


class ConflictQuery(paging.PageQuery, BaseModel):
    team: Words = []
    kind: Words = Field([], description="Names of rules")
    severity: list[Severity] = []
    state: list[ConflictState] = Field([], description="Default: open and acknowledged")
    item: Words = []
    goal: Words = []
    since: datetime | None = Field(None, description="Changed at or after")

    def filters(self) -> Filters:
        return Filters(
            teams=self.team,
            kinds=self.kind,
            severities=self.severity,
            states=self.state or OPEN_CONFLICTS,
            items=self.item,
            goals=self.goal,
            since=seconds(self.since),
        )


class Note(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"comment": "We meet on Tuesday"}]}
    )

    comment: Prose | None = None


def _comment(note: Note | None) -> str | None:
    return None if note is None else note.comment


class Comment(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"comment": "On Thursday"}]})

    comment: Prose


class Acceptance(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "The old till stays in use", "until": "2030-06-30"}]},
    )

    reason: Prose
    until: date | None = Field(None, description="It is open again after this day")


def describe_conflict(row: Any) -> dict[str, Any]:
    """``row``: a conflict as the store gives it."""
    body: dict[str, Any] = orjson.loads(row["body"])
    columns = {name: row[name] for name in ("id", "kind", "severity", "state", "accepted_until")}
    moments = {name: respond.moment(row[name]) for name in _MOMENTS}
    return columns | body | moments


@router.get("", operation_id="listConflicts", summary="Conflicts", responses={200: {"model": ConflictList}})
async def list_conflicts(
    request: Request, _asking: Viewer, query: Annotated[ConflictQuery, Query()]
) -> Response:
    place = paging.place_of(query.cursor, "conflicts", sort=paging.TEXT)
    after = place[0] if place else None

    async def build(connection: Connection) -> respond.RenderedPage:
        rows = await conflicts.page(connection, query.filters(), after, query.limit + 1)
        shown = rows[: query.limit]
        more = len(rows) > query.limit
        following = paging.encode_cursor({"of": "conflicts", "sort": shown[-1]["sort"]}) if more else None
        return respond.RenderedPage(
            paging.page([orjson.dumps(describe_conflict(one)) for one in shown], following), following
        )

    return await respond.answer(request, build)


@router.get(
    "/{conflict_id}",
    operation_id="getConflict",
    summary="One conflict, with its history",
    responses={200: {"model": ConflictDetail}},
)
async def get_conflict(request: Request, _asking: Viewer, conflict_id: ConflictPath) -> Response:
    async def build(connection: Connection) -> bytes:
        return await _detail(connection, conflict_id)

    return await respond.answer(request, build)


async def _detail(connection: Connection, conflict_id: str) -> bytes:
    row = await conflicts.get(connection, conflict_id)
    if row is None:
        raise NotFound("conflict", conflict_id)
    steps = await conflicts.history(connection, conflict_id)
    history = [step._asdict() | {"at": respond.moment(step.at)} for step in steps]
    return orjson.dumps(describe_conflict(row) | {"history": history})


@router.post(
    "/{conflict_id}/acknowledge",
    operation_id="acknowledgeConflict",
    summary="Take it up",
    responses={200: {"model": ConflictDetail}},
)
async def acknowledge(
    context: InContext, asking: Po, conflict_id: ConflictPath, body: Note | None = None
) -> Response:
    return await _decide(context, asking, conflict_id, "acknowledge", _comment(body))


@router.post(
    "/{conflict_id}/accept",
    operation_id="acceptConflict",
    summary="Agree to live with it",
    responses={200: {"model": ConflictDetail}},
)
async def accept(context: InContext, asking: Po, conflict_id: ConflictPath, body: Acceptance) -> Response:
    if body.until is not None and body.until < context.today:
        raise invalid([{"field": "until", "message": "lies in the past"}])
    return await _decide(context, asking, conflict_id, "accept", body.reason, body.until)


@router.post(
    "/{conflict_id}/reopen",
    operation_id="reopenConflict",
    summary="It needs attention after all",
    responses={200: {"model": ConflictDetail}},
)
async def reopen(
    context: InContext, asking: Po, conflict_id: ConflictPath, body: Note | None = None
) -> Response:
    return await _decide(context, asking, conflict_id, "reopen", _comment(body))


@router.post(
    "/{conflict_id}/comment",
    operation_id="commentOnConflict",
    summary="Say something about it",
    responses={200: {"model": ConflictDetail}},
)
async def comment(context: InContext, asking: Po, conflict_id: ConflictPath, body: Comment) -> Response:
    return await _decide(context, asking, conflict_id, "comment", body.comment)


async def _decide(
    context: Context,
    asking: Principal,
    conflict_id: str,
    action: Action,
    note: str | None,
    until: date | None = None,
) -> Response:
    await _demand_own(context, asking, conflict_id)
    try:
        await decide(context, conflict_id, Decision(action, asking.name, note, until))
    except DecisionError as error:
        raise Problem(409, "Not in this state", str(error)) from None
    async with context.database.read() as connection:
        return Response(await _detail(connection, conflict_id), media_type="application/json")


async def _demand_own(context: Context, asking: Principal, conflict_id: str) -> None:
    async with context.database.read() as connection:
        if await conflicts.get(connection, conflict_id) is None:
            raise NotFound("conflict", conflict_id)
        concerned = (await written_conflicts.teams_of(connection, [conflict_id])).get(conflict_id, ())
    teams = in_product_order(context.product, concerned)
    if not asking.may_write_any(teams):
        raise Problem(403, "Forbidden", f"It involves {', '.join(teams)}; this token acts for other teams.")
