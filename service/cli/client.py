"""Commands see what every client sees: they ask the REST API, in this process, without a port."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from service.app import create_app
from service.cli.failure import Failed
from service.flow.context import Context

Parameters = Mapping[str, Any]


class Client:
    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def text(self, path: str, parameters: Parameters | None = None) -> str:
        """The answer's body as it is."""
        return (await self._asked("GET", path, params=parameters)).text

    async def get(self, path: str, parameters: Parameters | None = None) -> Any:
        return (await self._asked("GET", path, params=parameters)).json()

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return (await self._asked("POST", path, json=body)).json()

    async def delete(self, path: str) -> None:
        await self._asked("DELETE", path)

    async def _asked(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = await self._http.request(method, path, **more)
        if answer.is_error:
            raise Failed(_said(answer))
        return answer


def _said(answer: httpx.Response) -> str:
    problem = answer.json()
    lines = [problem.get("detail") or problem["title"]]
    lines += [f"{error['field']}: {error['message']}" for error in problem.get("errors", ())]
    return "\n".join(lines)


@asynccontextmanager
async def client(context: Context) -> AsyncIterator[Client]:
    transport = httpx.ASGITransport(create_app(context))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as http:
        yield Client(http)
