"""A simulated GitHub over a real socket, and what a product says of it."""

import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import uvicorn

from connectors.contract import Setting
from connectors.github import Options, connect
from connectors.github.client import GitHub
from connectors.github.simulator import GitHubHost, application
from connectors.vocabulary import Vocabulary
from tests.connectors.github.hosts import MakeOptions, Opened, Result, Serve

VOCABULARY = Vocabulary(
    priority={"urgent": 1, "p0": 1, "high": 2, "hoog": 2, "p1": 2, "medium": 3, "low": 4},
    dropped=frozenset({"won't do"}),
    duplicate=frozenset({"duplicate"}),
    doing=frozenset({"in progress", "in review", "doing", "bezig"}),
    blocks=frozenset({"blocks"}),
    blocked_by=frozenset({"is blocked by"}),
    conflicts=frozenset({"conflicts with"}),
    mirrors=frozenset({"duplicates"}),
    clones=frozenset({"clones"}),
    phrases_blocked_by=("blocked by", "wacht op"),
    phrases_blocks=("blocks",),
    phrases_conflicts=("conflicts with",),
    negations=("not",),
    joiners=("and", "en"),
    dod_names=("definition of done", "dod"),
)


@pytest.fixture
def setting() -> Setting:
    return Setting(VOCABULARY, ZoneInfo("Europe/Amsterdam"), frozenset({"search"}))


@pytest.fixture
def options() -> Callable[..., Options]:
    """Options of the source ``stores-gh`` reading acme/stores; keywords change them, None leaves out."""

    def make(**more: Any) -> Options:
        given = {"key": "stores-gh", "type": "github", "repository": "acme/stores", "auth": {"token": "t"}}
        given = {name: value for name, value in {**given, **more}.items() if value is not None}
        return Options.model_validate(given)

    return make


@contextmanager
def served(host: GitHubHost) -> Iterator[str]:
    """The base address at which ``host`` answers."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    own_clock = host.date_offset is None  # else the host's answers say the time
    config = uvicorn.Config(application(host), log_level="critical", lifespan="off", date_header=own_clock)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True
        thread.join(5)
        listening.close()


@pytest.fixture
def serve() -> Callable[[GitHubHost], Any]:
    return served


@pytest.fixture
def opened(serve: Serve, options: MakeOptions, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """Run ``use(connector)`` against a host; back-off holds up no test."""
    monkeypatch.setattr("connectors.transport._wait", lambda state: 0.0)

    async def run(host: GitHubHost, use: Callable[[GitHub], Awaitable[Result]], **more: Any) -> Result:
        with serve(host) as url:
            connector = connect(options(url=f"{url}/api/v3", **more), setting)
            try:
                return await use(connector)
            finally:
                await connector.close()

    return run
