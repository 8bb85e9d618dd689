"""Whatever goes wrong is told as application/problem+json, and never how the inside looks."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from types import ModuleType

import httpx
import pytest
from structlog.testing import capture_logs

from service.api.http import middleware
from service.app import create_app
from service.store.backlog import overview
from service.store.conflicts import listed_conflicts as conflicts
from service.store.conflicts import written_conflicts
from service.store.sources import syncs
from tests.support.api import serving
from tests.support.asking import Api, problem

UNKNOWN = [
    "/v1", "/v1/", "/v1/nothing", "/v1/backlog/", "/v2/backlog", "/docs", "/redoc", "/page.py",
    "/__init__.py", "/views/", "/views/../page.py", "/%2e%2e/app.py", "/..%2fapp.py", "/.env",
]  # fmt: skip


@pytest.mark.parametrize("path", UNKNOWN)
async def test_an_address_that_is_none_is_404(api: Api, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = await api.ask(method, path)
        assert (answer.status_code, problem(answer)["title"]) == (404, "Not found")


METHODS = [
    ("DELETE", "/v1/backlog", "GET, HEAD"),
    ("PUT", "/v1/webhooks", "GET, HEAD, POST"),
    ("POST", "/v1/webhooks/x", "GET, HEAD, PATCH, DELETE"),
    ("GET", "/v1/webhooks/x/test", "POST"),
    ("GET", "/v1/sources/online-jira/sync", "POST"),
    ("POST", "/v1/backlog/order", "GET, HEAD, PUT"),
    ("POST", "/", "GET, HEAD"),
    ("PUT", "/healthz", "GET, HEAD"),
    ("BREW", "/v1/backlog", "GET, HEAD"),
]


@pytest.mark.parametrize(("method", "path", "allowed"), METHODS)
async def test_another_method_is_405_and_says_which_are_allowed(
    api: Api, method: str, path: str, allowed: str
) -> None:
    answer = await api.ask(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)
    assert problem(answer)["title"] == "Method Not Allowed"


MALFORMED: list[tuple[bytes, str, int]] = [
    (b"{", "application/json", 400),
    (b"\xff\xfe", "application/json", 400),
    (b'{"name": "\\ud800", "role": "viewer"}', "application/json", 422),
    (b"[" * 100_000, "application/json", 400),
    (b"null", "application/json", 422),
    (b'{"name": "a", "role": "viewer"}', "text/plain", 422),
    (b"", "application/json", 422),
    (b'{"name": 1' + b"0" * 5000 + b', "role": "viewer"}', "application/json", 400),
    (b'{"name": NaN, "role": "viewer"}', "application/json", 422),
]


@pytest.mark.parametrize(("body", "kind", "status"), MALFORMED, ids=[str(one[0][:20]) for one in MALFORMED])
async def test_a_body_that_cannot_be_read_is_refused(api: Api, body: bytes, kind: str, status: int) -> None:
    answer = await api.ask("POST", "/v1/tokens", content=body, headers={"content-type": kind})
    assert answer.status_code == status, answer.text
    problem(answer)


async def test_a_failure_of_ours_says_nothing_of_the_inside(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_arguments: object) -> None:
        raise RuntimeError("the secret inside")

    monkeypatch.setattr(conflicts, "page", fail)
    with capture_logs() as told:
        answer = await api.ask("GET", "/v1/conflicts")
    assert (answer.status_code, problem(answer)["detail"]) == (500, "The server failed; its log says how.")
    assert "secret inside" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    [line] = [one for one in told if one["event"] == "request.failed"]
    assert (line["route"], str(line["exc_info"])) == ("/v1/conflicts", "the secret inside")


UNKNOWN_THINGS = [
    ("GET", "/v1/items/nobody:1", "item"),
    ("GET", "/v1/items/nobody:1/history", "item"),
    ("GET", "/v1/items/nobody:1/graph", "item"),
    ("GET", "/v1/conflicts/cfl_none", "conflict"),
    ("POST", "/v1/conflicts/cfl_none/acknowledge", "conflict"),
    ("GET", "/v1/dependencies/dep_none", "dependency"),
    ("DELETE", "/v1/dependencies/dep_none", "dependency"),
    ("GET", "/v1/teams/nobody", "team"),
    ("GET", "/v1/webhooks/whk_none", "webhook"),
    ("POST", "/v1/webhooks/whk_none/rotate-secret", "webhook"),
    ("POST", "/v1/sources/nobody/sync", "source"),
    ("GET", "/v1/syncs/syn_none", "sync"),
    ("DELETE", "/v1/tokens/tok_none", "token"),
    ("POST", "/v1/inbound/jira/nobody", "source"),
    ("POST", "/v1/inbound/github/online-jira", "source"),
]


@pytest.mark.parametrize(("method", "path", "kind"), UNKNOWN_THINGS)
async def test_what_is_not_there_is_404_and_says_what_kind_it_is(
    api: Api, method: str, path: str, kind: str
) -> None:
    answer = await api.ask(method, path)
    assert (answer.status_code, problem(answer)["detail"]) == (404, f"There is no such {kind}.")


FAULTS = [
    ("POST", "/v1/sources/online-jira/sync", syncs, "running"),
    ("POST", "/v1/conflicts/{conflict}/acknowledge", written_conflicts, "change"),
    ("GET", "/v1/teams/online", overview, "loads"),
]


@pytest.mark.parametrize(("method", "path", "module", "name"), FAULTS, ids=[one[1] for one in FAULTS])
async def test_a_missing_key_inside_is_a_fault_of_ours_and_no_404(
    api: Api, monkeypatch: pytest.MonkeyPatch, method: str, path: str, module: ModuleType, name: str
) -> None:
    async def fail(*_arguments: object, **_named: object) -> None:
        raise KeyError("a fault")

    conflict = (await api.ask("GET", "/v1/conflicts")).json()["items"][0]["id"]
    monkeypatch.setattr(module, name, fail)
    answer = await api.ask(method, path.replace("{conflict}", conflict))
    assert (answer.status_code, problem(answer)["title"]) == (500, "Internal error")


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 65536 + 1):
        yield b" " * 65536


async def test_a_body_that_is_too_large_is_413_with_and_without_a_length(api: Api) -> None:
    """Over a real socket: the server reads on while we send."""
    headers = await api.headers("admin") | {"content-type": "application/json"}
    large = middleware.LARGEST_BODY + 1
    async with serving(create_app(api.context)) as base_url, httpx.AsyncClient(base_url=base_url) as http:
        for path in ("/v1/tokens", "/v1/inbound/jira/online-jira"):
            for more in ({}, {"idempotency-key": "k"}):
                answer = await http.post(path, content=chunks(large), headers={**headers, **more})
                assert (answer.status_code, problem(answer)["title"]) == (413, "Body too large"), path
        answer = await http.post("/v1/tokens", content=b" " * large, headers=headers)
        assert answer.status_code == 413
        assert (await http.get("/v1/tokens", headers=headers)).status_code == 200


async def test_a_length_that_is_no_number_or_a_huge_one_is_no_crash(api: Api) -> None:
    for length in ("9" * 6000, "-1", "x", "²"):
        answer = await api.ask("POST", "/v1/tokens", headers={"content-length": length.encode()})
        assert answer.status_code in (413, 422)


async def test_a_query_of_a_megabyte_is_refused(api: Api) -> None:
    headers = await api.headers("viewer")
    async with serving(create_app(api.context)) as base_url, httpx.AsyncClient(base_url=base_url) as http:
        answer = await http.get("/v1/backlog", params={"q": "a" * 60_000}, headers=headers)
        assert (answer.status_code, problem(answer)["errors"][0]["field"]) == (422, "q")
        status = await asyncio.to_thread(first_line, base_url, b"/v1/backlog?q=" + b"a" * 1_000_000)
        assert status.startswith(b"HTTP/1.1 4")
        assert (await http.get("/healthz")).status_code == 200


def first_line(base_url: str, target: bytes) -> bytes:
    """Of the answer to a request that httpx would not send."""
    url = httpx.URL(base_url)
    with socket.create_connection((url.host, url.port), timeout=10) as line:
        with contextlib.suppress(ConnectionError):  # it may hang up before all is sent
            line.sendall(b"GET " + target + b" HTTP/1.1\r\nhost: x\r\n\r\n")
        return line.recv(200).partition(b"\r\n")[0]
