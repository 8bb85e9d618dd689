"""``attune check --online`` against simulated trackers over real sockets."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config import check
from config.check import SourceCheck, check_online, setting
from config.product import Product, load_product
from config.vocabulary import load_vocabulary
from connectors import transport
from connectors.github.simulator import GitHubHost
from connectors.github.simulator import application as github
from connectors.github.simulator import issue as github_issue
from connectors.jira.simulator import JiraSite
from connectors.jira.simulator import application as jira
from connectors.jira.simulator import issue as jira_issue
from tests.support.serving import served

EMAIL, TOKEN = "attune@example.com", "the-right-token"


@pytest.fixture(scope="module")
def jira_url() -> Iterator[str]:
    site = JiraSite(
        flavour="cloud",
        projects={"ONL": "Online"},
        issues=[jira_issue("ONL-1", "A basket", "cloud")],
        email=EMAIL,
        token=TOKEN,
    )
    with served(jira(site)) as url:
        yield url


@pytest.fixture(scope="module")
def github_url() -> Iterator[str]:
    host = GitHubHost(repositories={"acme/stores": [github_issue(1, "A till")]}, token=TOKEN)
    with served(github(host)) as url:
        yield url


@pytest.fixture(scope="module")
def nowhere() -> str:
    """An address at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a tracker that will not come back."""
    monkeypatch.setattr(transport, "TRIES", 1)


def product(tmp_path: Path, *sources: str) -> Product:
    lines = ["product: {name: Webshop}", "teams: [{key: online, name: Online}]", "sources:"]
    lines += [f"  - {{{one}, team: online}}" for one in sources]
    (tmp_path / "product.yaml").write_text("\n".join(lines))
    return load_product(tmp_path / "product.yaml", {})


def jira_source(key: str, url: str, project: str = "ONL", token: str = TOKEN) -> str:
    auth = f"auth: {{email: {EMAIL}, token: {token}}}"
    return f"key: {key}, type: jira, url: '{url}', project: {project}, {auth}"


def github_source(key: str, url: str, repository: str = "acme/stores", token: str = TOKEN) -> str:
    return f"key: {key}, type: github, url: '{url}', repository: {repository}, auth: {{token: {token}}}"


async def checked(made: Product) -> dict[str, SourceCheck]:
    return {one.source: one async for one in check_online(made)}


async def test_good_sources_say_what_they_are(tmp_path: Path, jira_url: str, github_url: str) -> None:
    found = await checked(product(tmp_path, jira_source("a", jira_url), github_source("b", github_url)))
    assert [(one.error, one.capabilities is not None) for one in found.values()] == [(None, True)] * 2
    assert found["a"].capabilities is not None
    assert found["a"].capabilities.holds[0].endswith("/ONL")
    assert found["b"].capabilities is not None
    assert found["b"].capabilities.holds[0].endswith("/acme/stores")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"token": "the-wrong-token"}, ("uthentication failed", "uthentication failed")),
        ({"url": "nowhere"}, ("127.0.0.1", "127.0.0.1 cannot be reached")),
        ({"place": "missing"}, ("MIS", "acme/missing does not exist")),
    ],
    ids=["wrong_token", "unreachable", "does_not_exist"],
)
async def test_what_cannot_be_read_is_one_sentence(
    tmp_path: Path,
    jira_url: str,
    github_url: str,
    nowhere: str,
    change: dict[str, str],
    said: tuple[str, str],
) -> None:
    token = change.get("token", TOKEN)
    at_jira, at_github = (nowhere, nowhere) if "url" in change else (jira_url, github_url)
    project, repository = ("MIS", "acme/missing") if "place" in change else ("ONL", "acme/stores")
    found = await checked(
        product(
            tmp_path,
            jira_source("a", at_jira, project, token),
            github_source("b", at_github, repository, token),
        )
    )
    for key, words in zip("ab", said, strict=True):
        error = found[key].error
        assert found[key].capabilities is None
        assert error is not None
        assert words in error
        assert len(error.splitlines()) == 1
        assert len(error) < 200
        assert token not in error


async def test_one_bad_source_does_not_keep_the_others_from_being_tried(
    tmp_path: Path, jira_url: str, github_url: str, nowhere: str
) -> None:
    sources = [jira_source("bad", nowhere), jira_source("a", jira_url), github_source("b", github_url)]
    found = await checked(product(tmp_path, *sources))
    assert {key: one.error is None for key, one in found.items()} == {"bad": False, "a": True, "b": True}


class _Fake:
    """A connector that counts how many are probed at once and how many were closed."""

    open_now = most = closed = 0

    async def probe(self) -> Any:
        _Fake.open_now += 1
        _Fake.most = max(_Fake.most, _Fake.open_now)
        await asyncio.sleep(0.05)
        _Fake.open_now -= 1

    async def close(self) -> None:
        _Fake.closed += 1


class _Kind:
    @staticmethod
    def connect(_options: Any, _setting: Any) -> _Fake:
        return _Fake()


async def test_sources_are_tried_side_by_side_and_closed_also_when_left_early(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = product(tmp_path, *(github_source(f"s{n}", "http://127.0.0.1:1", f"acme/r{n}") for n in range(5)))
    monkeypatch.setattr(check, "connector_kinds", lambda: {"github": _Kind})
    checks = check_online(made)
    await anext(checks)
    await checks.aclose()
    assert (_Fake.most, _Fake.closed) == (5, 5)


def test_a_connector_is_told_every_component_the_file_names(tmp_path: Path) -> None:
    (tmp_path / "product.yaml").write_text(
        "product: {name: Webshop, timezone: Europe/Amsterdam}\n"
        "teams: [{key: online, name: Online, components: [Checkout, ' search ']}]\n"
        f"sources: [{{{github_source('a', 'http://127.0.0.1:1')}, team: online}}]\n"
        "shared: [{component: Back-Office}]\n"
        "goals: [{key: promo, name: Promo, select: {components: [STRASSE, Straße]}}]\n"
    )
    found = setting(load_product(tmp_path / "product.yaml", {}))
    assert found.components == {"checkout", "search", "back-office", "strasse"}
    assert found.timezone == ZoneInfo("Europe/Amsterdam")
    assert found.vocabulary is load_vocabulary()
