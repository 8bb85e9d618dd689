"""A simulated Jira over a real socket, and what a product says of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
)
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors import transport
from connectors.contract import Setting
from connectors.jira import Options, connect
from connectors.jira.client import JiraConnector
from connectors.jira.simulator import JiraSite, application
from connectors.vocabulary import Vocabulary
from tests.support import serving

VOCABULARY = Vocabulary(
    priority={"highest": 1, "blocker": 1, "high": 2, "critical": 2, "medium": 3, "low": 4, "lowest": 5},
    dropped=frozenset({"won't do", "duplicate", "afgewezen"}),
    duplicate=frozenset({"duplicate", "duplicaat"}),
    doing=frozenset({"in progress"}),
    blocks=frozenset({"blocks", "has to be done before"}),
    blocked_by=frozenset({"is blocked by", "depends on"}),
    conflicts=frozenset({"conflicts with"}),
    mirrors=frozenset({"duplicates", "is duplicated by"}),
    clones=frozenset({"clones", "is cloned by"}),
    phrases_blocked_by=("blocked by", "wacht op"),
    phrases_blocks=("blocks", "blokkeert"),
    phrases_conflicts=("conflicts with",),
    negations=("not", "no longer", "niet"),
    joiners=("and", "en"),
    dod_names=("definition of done", "dod", "done criteria"),
)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for a tracker's convenience."""
    monkeypatch.setattr(transport, "_wait", lambda state: 0.0)


@pytest.fixture
def setting() -> Setting:
    return Setting(VOCABULARY, ZoneInfo("Europe/Amsterdam"))


@pytest.fixture
def options() -> Callable[..., Options]:
    """Options of the source ``onl`` reading ONL with a token; keywords change them."""

    def make(**more: Any) -> Options:
        given = {"key": "onl", "type": "jira", "url": "https://acme.atlassian.net", "project": "ONL"}
        return Options.model_validate({**given, "auth": {"token": "secret-pat"}, **more})

    return make


def served(site: JiraSite) -> AbstractContextManager[str]:
    """The base address at which ``site`` answers."""
    return serving.served(application(site))


@pytest.fixture
def serve() -> Callable[[JiraSite], AbstractContextManager[str]]:
    return served


@pytest.fixture
def reading(
    setting: Setting, options: Callable[..., Options]
) -> Callable[..., AbstractAsyncContextManager[JiraConnector]]:
    """``async with reading(site, project="AC") as connector``: the site served, and its connector.

    ``path`` is what follows the host in the source's ``url``.
    """

    @asynccontextmanager
    async def open_(site: JiraSite, path: str = "", **more: Any) -> AsyncIterator[JiraConnector]:
        with served(site) as url:
            connector = connect(options(**{"url": url + path, **more}), setting)
            try:
                yield connector
            finally:
                await connector.close()

    return open_
