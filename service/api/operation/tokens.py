"""Access tokens, for admins."""

import uuid
from typing import Annotated, Any, Self

import orjson
from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.http import auth, paging, respond
from service.api.http.auth import Admin, Role
from service.api.http.deps import InContext
from service.api.http.paging import PageQuery
from service.api.http.problems import invalid
from service.api.models.operation import CreatedToken, TokenList
from service.errors import NotFound
from service.flow.unit_of_work import unit_of_work
from service.store.process import tokens
from service.store.process.tokens import Token

router = APIRouter(prefix="/v1/tokens", tags=["tokens"])


class NewToken(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "PO Online", "role": "po", "teams": ["online"]}]},
    )

    name: Annotated[
        str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*[^\s\x00-\x1f][^\x00-\x1f]*$")
    ]
    role: Role
    teams: Annotated[list[str], Field(max_length=200)] = []

    @model_validator(mode="after")
    def _teams_fit_role(self) -> Self:
        if (self.role == "po") != bool(self.teams):
            raise ValueError("a po acts for one or more teams; the other roles take none")
        return self


def _describe_token(token: Token) -> dict[str, Any]:
    moments = {name: respond.moment(getattr(token, name)) for name in ("created", "last_used")}
    return token._asdict() | moments


@router.get("", operation_id="listTokens", summary="Tokens in use", responses={200: {"model": TokenList}})
async def list_tokens(
    request: Request, context: InContext, _asking: Admin, query: Annotated[PageQuery, Query()]
) -> Response:
    async with context.database.read() as connection:
        stored_tokens = await tokens.all_tokens(connection)
    shown, following = paging.cut(query, "tokens", stored_tokens, lambda _, one: (one.created, one.id))
    return respond.fresh_list(request, [orjson.dumps(_describe_token(one)) for one in shown], following)


@router.post(
    "",
    operation_id="createToken",
    summary="A new token; it is shown this once",
    status_code=201,
    responses={201: {"model": CreatedToken}},
)
async def create_token(context: InContext, _asking: Admin, body: NewToken) -> Response:
    team_keys = {team.key for team in context.product.teams}
    if errors := [
        {"field": f"teams.{n}", "message": f"no such team; known: {', '.join(sorted(team_keys))}"}
        for n, team in enumerate(body.teams)
        if team not in team_keys
    ]:
        raise invalid(errors)
    token_id, secret, now = "tok_" + uuid.uuid4().hex[:24], auth.new_token(), context.clock()
    teams = tuple(dict.fromkeys(body.teams))
    async with context.database.write() as connection:
        await tokens.add(connection, token_id, body.name, body.role, teams, auth.hashed(secret), now)
    created = _describe_token(Token(token_id, body.name, body.role, teams, now, None)) | {"token": secret}
    return Response(orjson.dumps(created), 201, {"location": f"/v1/tokens/{token_id}"}, "application/json")


@router.delete(
    "/{token_id}",
    operation_id="revokeToken",
    summary="Revoke a token",
    status_code=204,
    response_class=Response,
)
async def revoke_token(
    context: InContext,
    _asking: Admin,
    token_id: Annotated[str, Path(max_length=100, examples=["tok_5c1e"])],
) -> Response:
    async with unit_of_work(context) as work:
        if not await tokens.revoke(work.connection, token_id, context.clock()):
            raise NotFound("token", token_id)
        work.change_answers()
    return Response(status_code=204)
