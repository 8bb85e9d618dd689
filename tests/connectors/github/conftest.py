"""A simulated GitHub over a real socket, and what a product says of it."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.contract import Setting
from connectors.github import Options, connect
from connectors.github.client import GitHub
from connectors.github.simulator import GitHubHost, application
from connectors.vocabulary import Vocabulary
from tests.connectors.github.hosts import MakeOptions, Opened, Result, Serve
from tests.support import serving

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


def served(host: GitHubHost) -> AbstractContextManager[str]:
    """The base address at which ``host`` answers; unless its clock is wrong the server tells the time."""
    return serving.served(application(host), date_header=host.date_offset is None)


@pytest.fixture
def serve() -> Serve:
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
