"""What happens to every request: headers that browsers heed, a bound on bodies, a count, and an answer
even when we fail. HEAD is GET without the body."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException

from service.api.http import problems
from service.api.operation.figures import REQUESTS

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 5 * 1024 * 1024  # bytes; a tracker's webhook is far smaller
_DIGITS = 18
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
}
"""Only where the answer does not set its own: the page has a policy that lets it run."""


class Door:
    """Plain ASGI: a streamed answer stays a stream."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        is_head = scope["method"] == "HEAD"
        inner = {**scope, "method": "GET"} if is_head else scope
        has_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                _complete(MutableHeaders(scope=message))
                _count(inner, scope["method"], message["status"])
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        try:
            _demand_size(scope)
            await self.app(inner, _bounded(receive), send_with_headers)
        except Exception as error:
            if has_begun:
                raise
            await problems.of_failure(inner, error)(inner, receive, send_with_headers)


def _complete(headers: MutableHeaders) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)


def _count(scope: Scope, method: str, status: int) -> None:
    """Nothing a stranger makes up becomes a label."""
    route = getattr(scope.get("route"), "path_format", "other")
    REQUESTS.labels(method if method in _METHODS else "other", route, str(status)).inc()


def _demand_size(scope: Scope) -> None:
    length = Headers(scope=scope).get("content-length", "0")
    if length.isdigit() and (len(length) > _DIGITS or int(length) > LARGEST_BODY):
        raise _too_large()


def _too_large() -> HTTPException:
    return HTTPException(413, f"A body has at most {LARGEST_BODY} bytes.")


def _bounded(receive: Receive) -> Receive:
    """A body without a length is refused where it gets too large; FastAPI lets this exception pass."""
    total = 0

    async def bounded() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > LARGEST_BODY:
            raise _too_large()
        return message

    return bounded
