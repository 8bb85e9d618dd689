"""Answers gone wrong, as proxies, limits and broken lines make them."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.jira.simulator.site import Fault

_LOGIN = "<!DOCTYPE html><html><head><title>Log in - Jira</title></head><body><form></form></body></html>"


async def show(fault: Fault, answer: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with ``fault`` in place of, or by spoiling, the ``answer``."""
    if fault.kind in ("truncated", "cut"):
        await answer(scope, receive, _halved(send, keep_length=fault.kind == "cut"))
        return
    await _instead(fault)(scope, receive, send)


def _instead(fault: Fault) -> Response:
    if fault.kind == "html":
        return Response(_LOGIN, media_type="text/html")
    if fault.kind == "redirect":
        return Response(status_code=302, headers={"Location": fault.location})
    headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
    body = '{"errorMessages":["The request failed."],"errors":{}}'
    return Response(body, fault.status, headers, media_type="application/json")


def _halved(send: Send, keep_length: bool) -> Send:
    """Half the body; with its true length kept the connection ends within it."""
    started: list[Message] = []

    async def spoiled(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.append(message)
            return
        half = message["body"][: len(message["body"]) // 2]
        if not keep_length:
            headers = [one for one in started[0]["headers"] if one[0] != b"content-length"]
            started[0]["headers"] = [*headers, (b"content-length", str(len(half)).encode())]
        await send(started[0])
        await send({"type": "http.response.body", "body": half})

    return spoiled
