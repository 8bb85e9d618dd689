"""The routers under test over a real socket, and tokens of every role."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import uvicorn
from fastapi import APIRouter, FastAPI

from service.api.http import auth, problems
from service.api.http.auth import Role, Trusted
from service.api.http.idempotent import Idempotent
from service.api.http.revisions import Revisions
from service.flow.context import Context
from service.store.process import tokens
from tests.support.serving import LOOK_SECONDS, QuickServer


def make_app(context: Context, routers: Sequence[APIRouter]) -> FastAPI:
    app = FastAPI()
    app.state.context, app.state.trusted = context, Trusted()
    app.state.revisions = Revisions(context.database)
    for router in routers:
        app.include_router(router)
    app.add_middleware(Idempotent)
    problems.install(app)
    return app


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Its base URL."""
    server = QuickServer(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(LOOK_SECONDS)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await running


async def bearer(context: Context, role: Role, *teams: str) -> dict[str, str]:
    """The headers of a new token."""
    token = auth.new_token()
    async with context.database.write() as connection:
        digest = auth.hashed(token)
        await tokens.add(connection, "tok_" + digest[:8], role, role, teams, digest, context.clock())
    return {"authorization": f"Bearer {token}"}


def client(base_url: str, headers: dict[str, str]) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base_url, headers=headers, trust_env=False)
