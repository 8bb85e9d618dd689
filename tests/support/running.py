"""The shop as a running server in a thread of its own, for clients that are not asynchronous."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.app import create_app
from tests.support import shop
from tests.support.api import serving


@contextmanager
def running(folder: Path, **more: Any) -> Iterator[str]:
    """Its base URL. ``folder`` holds a filled database; ``more`` as for ``shop.opened``."""
    server = _Server(folder, more)
    thread = threading.Thread(target=lambda: asyncio.run(server.run()))
    thread.start()
    try:
        server.is_up.wait(30)
        assert server.base_url, "the server did not start"
        yield server.base_url
    finally:
        server.loop.call_soon_threadsafe(server.stop.set)
        thread.join()


class _Server:
    def __init__(self, folder: Path, more: dict[str, Any]) -> None:
        self.folder, self.more = folder, more
        self.base_url = ""
        self.is_up = threading.Event()
        self.stop = asyncio.Event()
        self.loop: asyncio.AbstractEventLoop

    async def run(self) -> None:
        self.loop = asyncio.get_running_loop()
        try:
            async with shop.opened(self.folder, **self.more) as context, serving(create_app(context)) as url:
                self.base_url = url
                self.is_up.set()
                await self.stop.wait()
        finally:
            self.is_up.set()
