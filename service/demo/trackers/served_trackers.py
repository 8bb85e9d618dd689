"""The trackers over HTTP on loopback, in a thread of their own, as long as a ``with`` lasts."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator, Sequence

import uvicorn
from starlette.types import ASGIApp

_FIRST_PORT = 8101
_STOPPED_WITHIN = 5.0  # seconds


def listen(count: int) -> list[socket.socket]:
    """Sockets on 8101 and up; where one is taken, on any free port."""
    return [_bound(port) for port in range(_FIRST_PORT, _FIRST_PORT + count)]


def _bound(port: int) -> socket.socket:
    for wanted in (port, 0):
        bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", wanted))
        except OSError:
            bound.close()
            continue
        bound.listen(128)
        return bound
    raise OSError("no free port on 127.0.0.1 for the simulated trackers")


def address(listening: socket.socket) -> str:
    host, port = listening.getsockname()
    return f"http://{host}:{port}"


@contextlib.contextmanager
def serving(applications: Sequence[ASGIApp], sockets: Sequence[socket.socket]) -> Iterator[None]:
    """Each application on its socket. Whoever asks before a server has started waits in its queue."""
    servers = [uvicorn.Server(_config(one)) for one in applications]
    thread = threading.Thread(target=lambda: asyncio.run(_serve(servers, sockets)), name="trackers")
    thread.daemon = True
    thread.start()
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        thread.join(_STOPPED_WITHIN)


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


async def _serve(servers: Sequence[uvicorn.Server], sockets: Sequence[socket.socket]) -> None:
    pairs = zip(servers, sockets, strict=True)
    await asyncio.gather(*(server.serve(sockets=[one]) for server, one in pairs))
