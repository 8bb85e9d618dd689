"""Where everything is put together: a context, the application over it, the process that serves it."""

import asyncio
import contextlib
import gc
import signal
import time
from collections.abc import AsyncIterator, Callable
from typing import Literal

import structlog
import uvicorn
from fastapi import FastAPI

from config.product import Product
from config.settings import Settings
from service import api, dashboard
from service.delivery.vault import Vault
from service.flow.context import Context
from service.flow.telling.deliver import Deliverer
from service.flow.telling.subscriptions import sync_configured
from service.flow.unit_of_work import unit_of_work
from service.flow.what_if.kept_plan import keep_ready
from service.flow.worker import Worker
from service.store.database.engine import Database, data_folder
from service.store.database.migrate import migrate
from service.store.sources import sources

log = structlog.get_logger()

Role = Literal["all", "api", "worker"]
DRAIN = 10.0  # seconds that a stopping process gives to what is under way


@contextlib.asynccontextmanager
async def open_context(
    settings: Settings,
    product: Product,
    *,
    open_access: bool = False,
    clock: Callable[[], float] = time.time,
) -> AsyncIterator[Context]:
    """A database brought up to date, the secrets' key, a row for every source; closed at the end."""
    gc.set_threshold(100_000, 50, 100)  # pages are many objects without cycles: look for these less often
    database = Database(settings.database_url)
    await migrate(database)
    vault = Vault.open(_secret(settings), data_folder(settings.database_url))
    context = Context(product, settings, database, vault, clock=clock, open_access=open_access)
    try:
        async with unit_of_work(context) as work:
            work.touch(await sources.ensure(work.connection, [source.key for source in product.sources]))
            await sync_configured(context, work.connection)
        yield context
    finally:
        for connector in context.connectors.values():
            await connector.close()
        await database.close()


def _secret(settings: Settings) -> str | None:
    return settings.secret_key.get_secret_value() if settings.secret_key else None


def create_app(context: Context) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.context = context
    api.install(app)
    dashboard.install(app)
    return app


async def serve(context: Context, role: Role = "all") -> None:
    """Run until the process is told to stop, then drain for at most ten seconds."""
    stop = asyncio.Event()
    tasks = []
    if role != "api":
        tasks = [
            asyncio.create_task(Worker(context).run(stop)),
            asyncio.create_task(Deliverer(context).run(stop)),
        ]
    if role == "worker":
        await _until_signalled()
    else:
        tasks.append(asyncio.create_task(keep_ready(context, stop)))
        await _server(context).serve()
    stop.set()
    context.wake_worker.ring()
    context.wake_delivery.ring()
    _, late = await asyncio.wait(tasks, timeout=DRAIN) if tasks else ((), ())
    for task in late:
        task.cancel()


def _server(context: Context) -> uvicorn.Server:
    settings = context.settings
    return uvicorn.Server(
        uvicorn.Config(
            create_app(context),
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=int(DRAIN),
            server_header=False,
        )
    )


async def _until_signalled() -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopped.set)
    await stopped.wait()
