"""Applications over a real socket, gone as soon as their test is."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count

import uvicorn
from starlette.types import ASGIApp

LOOK_SECONDS = 0.005
PATIENCE_SECONDS = 1.0  # for answers under way


class QuickServer(uvicorn.Server):
    """uvicorn itself looks every tenth of a second whether to stop, and whether all is closed."""

    async def main_loop(self) -> None:
        for tick in count():
            if await self.on_tick(tick):
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(0 if self.force_exit else PATIENCE_SECONDS):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - it has no event
                    await asyncio.sleep(LOOK_SECONDS)
        left = list(self.server_state.tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@contextmanager
def served(application: ASGIApp, date_header: bool = False) -> Iterator[str]:
    """Its base URL, answered by a thread; what hangs when the block ends is broken off."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(application, log_level="critical", lifespan="off", date_header=date_header)
    server = QuickServer(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(LOOK_SECONDS)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)
        listening.close()
