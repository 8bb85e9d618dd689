"""Trackers' own webhooks. Each is signed over its raw bytes; a token is not needed."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.requests import ClientDisconnect

from connectors.contract import ForgedHook, MalformedHook
from service.api.http.deps import InContext
from service.api.http.problems import Problem
from service.flow.context import Context
from service.flow.reading.announced import receive

router = APIRouter(prefix="/v1/inbound", tags=["inbound"])

SourceKey = Annotated[str, Path(max_length=100, examples=["online-jira"])]


@router.post(
    "/jira/{source}",
    operation_id="receiveJira",
    summary="Jira tells of a change",
    status_code=202,
    response_class=Response,
)
async def receive_jira(request: Request, context: InContext, source: SourceKey) -> Response:
    return await _receive(request, context, "jira", source)


@router.post(
    "/github/{source}",
    operation_id="receiveGithub",
    summary="GitHub tells of a change",
    status_code=202,
    response_class=Response,
)
async def receive_github(request: Request, context: InContext, source: SourceKey) -> Response:
    return await _receive(request, context, "github", source)


async def _receive(request: Request, context: Context, tracker: str, source: str) -> Response:
    try:
        body = await request.body()
        await receive(context, tracker, source, request.headers, body)
    except ClientDisconnect:
        raise Problem(400, "Incomplete body", "The body ended early or is too large.") from None
    except ForgedHook:
        raise Problem(401, "Wrong signature", "The signature does not fit this body and secret.") from None
    except MalformedHook as error:
        raise Problem(400, "Malformed webhook", str(error)) from None
    return Response(status_code=202)
