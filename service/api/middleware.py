"""What happens to every request: headers that browsers heed, a bound on bodies, a count."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders

from service.api import problems
from service.api.figures import REQUESTS
from service.api.problems import Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 5 * 1024 * 1024  # bytes; a tracker's webhook is far smaller

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

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _complete(MutableHeaders(scope=message))
                _count(scope, message["status"])
            await send(message)

        if _is_too_large(scope):
            refused = problems.response(Problem(413, "Body too large", f"At most {LARGEST_BODY} bytes."))
            await refused(scope, receive, send_with_headers)
            return
        await self.app(scope, _bounded(receive), send_with_headers)


def _complete(headers: MutableHeaders) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)


def _count(scope: Scope, status: int) -> None:
    route = getattr(scope.get("route"), "path", "other")
    REQUESTS.labels(scope["method"], route, str(status)).inc()


def _is_too_large(scope: Scope) -> bool:
    length = Headers(scope=scope).get("content-length", "0")
    return length.isdigit() and int(length) > LARGEST_BODY


def _bounded(receive: Receive) -> Receive:
    """A body without a length ends, as if the sender had hung up, where it gets too large."""
    total = 0

    async def bounded() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        return {"type": "http.disconnect"} if total > LARGEST_BODY else message

    return bounded
