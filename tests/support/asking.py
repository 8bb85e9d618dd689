"""The whole application asked over HTTP without a socket, as whoever one wants to be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from service.api.http.auth import Role
from service.app import create_app
from service.flow.context import Context
from tests.support.api import bearer


class Api:
    def __init__(self, context: Context, http: httpx.AsyncClient) -> None:
        self.context = context
        self.http = http
        self._headers: dict[tuple[str, ...], dict[str, str]] = {}

    async def ask(
        self, method: str, path: str, role: Role | None = "admin", *teams: str, **more: Any
    ) -> httpx.Response:
        """``role`` None: without a token."""
        headers = {**(await self.headers(role, *teams) if role else {}), **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    async def headers(self, role: Role, *teams: str) -> dict[str, str]:
        known = (role, *teams)
        if known not in self._headers:
            self._headers[known] = await bearer(self.context, role, *teams)
        return self._headers[known]

    async def get(self, path: str, parameters: Any = None, role: Role = "viewer") -> Any:
        """The answer's JSON; fails unless it is 200."""
        answer = await self.ask("GET", path, role, params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ids(self, path: str, parameters: Any = None) -> list[str]:
        return [one["id"] for one in (await self.get(path, parameters))["items"]]

    async def walk(self, path: str, parameters: Any = None, limit: int = 1) -> list[dict[str, Any]]:
        """Every page of a list."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, {**(parameters or {}), "limit": limit, **cursor})
            assert len(page["items"]) <= limit
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    async def refused(self, method: str, path: str, **more: Any) -> list[str]:
        """The fields that a 422 names."""
        answer = await self.ask(method, path, **more)
        assert answer.status_code == 422, answer.text
        return [one["field"] for one in problem(answer)["errors"]]


def problem(answer: httpx.Response) -> dict[str, Any]:
    """The body of a refusal, which says the same status as its first line."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"].startswith("urn:attune:problem:")
    assert "Traceback" not in answer.text
    return body


@asynccontextmanager
async def asking(context: Context, base_url: str = "http://attune.example") -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_app(context))
    async with httpx.AsyncClient(transport=transport, base_url=base_url) as http:
        yield Api(context, http)
