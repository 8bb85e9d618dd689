"""Trackers' own webhooks. Each is signed over its raw bytes; a token is not needed.

Every connector there is has its address, so that the description names them all.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.requests import ClientDisconnect

from config.product import connector_kinds
from connectors.contract import ForgedHook, MalformedHook
from service.api.http.deps import InContext
from service.api.http.problems import Problem
from service.flow.context import Context
from service.flow.reading.announced import receive

router = APIRouter(prefix="/v1/inbound", tags=["inbound"])

SourceKey = Annotated[str, Path(max_length=100, examples=["online-jira"])]


def _receiver(tracker: str) -> Callable[..., Awaitable[Response]]:
    async def receive_hook(request: Request, context: InContext, source: SourceKey) -> Response:
        return await _receive(request, context, tracker, source)

    return receive_hook


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


for _tracker in sorted(connector_kinds(), reverse=True):
    router.add_api_route(
        f"/{_tracker}/{{source}}",
        _receiver(_tracker),
        methods=["POST"],
        operation_id="receive" + "".join(part.capitalize() for part in _tracker.split("-")),
        summary=f"The tracker ({_tracker}) tells of a change",
        status_code=202,
        response_class=Response,
    )
