"""The way into a simulated Jira: its log, its faults, its clock, and who is let in."""

import asyncio
import base64
import hmac
from datetime import UTC
from email.utils import format_datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.jira.simulator.faults import show
from connectors.jira.simulator.site import JiraSite


class Door:
    """Logs requests, shows faults and checks who is asking, before anything is routed."""

    def __init__(self, site: JiraSite, inner: ASGIApp) -> None:
        self.site, self.inner = site, inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        scope = self._within(scope)
        request = Request(scope)
        self.site.requests.append((request.method, request.url.path, request.url.query))
        self.site.url = self.site.url or f"{request.url.scheme}://{request.url.netloc}{self.site.prefix}"
        if self.site.latency:
            await self._tarry()
        answer = self._answer(scope, request)
        fault = next((one for one in self.site.faults if one.path in request.url.path), None)
        if fault is None:
            await answer(scope, receive, self._dated(send))
            return
        if not fault.lasts:
            self.site.faults.remove(fault)
        await show(fault, answer, scope, receive, self._dated(send))

    async def _tarry(self) -> None:
        self.site.waiting += 1
        self.site.most_waiting = max(self.site.most_waiting, self.site.waiting)
        await asyncio.sleep(self.site.latency)
        self.site.waiting -= 1

    def _within(self, scope: Scope) -> Scope:
        """The path below the site's prefix; what is elsewhere keeps a path that nothing answers."""
        prefix, path = self.site.prefix, scope["path"]
        if not prefix:
            return scope
        inner = path.removeprefix(prefix) if path.startswith(prefix + "/") else "/elsewhere" + path
        return {**scope, "path": inner, "raw_path": inner.encode()}

    def _answer(self, scope: Scope, request: Request) -> ASGIApp:
        if self.site.is_scoped and scope["path"].startswith("/elsewhere/"):
            return refusal(401, "Client must be authenticated to access this resource.")
        return (
            self.inner
            if _is_known(self.site, request)
            else refusal(401, "Client must be authenticated to access this resource.")
        )

    def _dated(self, send: Send) -> Send:
        """By the site's clock, which may be wrong."""
        date = format_datetime(self.site.clock().astimezone(UTC), usegmt=True).encode()

        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], (b"date", date)]}
            await send(message)

        return dated


def _is_known(site: JiraSite, request: Request) -> bool:
    """serverInfo answers anyone; a search without credentials is anonymous and finds nothing."""
    header = request.headers.get("authorization", "")
    if is_open(site) or request.url.path.endswith("/serverInfo"):
        return True
    if not header:
        return "/search" in request.url.path
    return hmac.compare_digest(header.encode(), _expected(site).encode())


def is_open(site: JiraSite) -> bool:
    return site.token is None and site.email is None and site.username is None


def _expected(site: JiraSite) -> str:
    if site.email is None and site.username is None:
        return f"Bearer {site.token}"
    who = f"{site.email}:{site.token}" if site.flavour == "cloud" else f"{site.username}:{site.password}"
    return "Basic " + base64.b64encode(who.encode()).decode()


def json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


def refusal(status: int, *messages: str) -> Response:
    return json({"errorMessages": list(messages), "errors": {}}, status)
