"""What trackers, proxies and lines do wrong, shown over a real socket; nothing is lost or doubled."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from connectors import transport
from connectors.contract import SourceError
from connectors.jira.http import session
from connectors.jira.simulator import Fault, Flavour, issue
from tests.connectors.jira.helpers import FLAVOURS, Reading, everything, keys, site_of

both = pytest.mark.parametrize("flavour", FLAVOURS)


@both
async def test_a_used_up_quota_costs_one_request(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    headers = (("RateLimit-Reason", "jira-quota-global-based"), ("Retry-After", "1800"))
    site.faults.append(Fault("status", 429, headers=headers, lasts=True))
    async with reading(site) as connector:
        with pytest.raises(SourceError) as raised:
            await connector.probe()
    assert (raised.value.reason, raised.value.retry_after) == ("limited", 1800.0)
    assert len(site.requests) == 1


@both
async def test_a_limit_that_stays_ends_after_a_few_tries(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    site.faults.append(Fault("status", 429, lasts=True))
    async with reading(site) as connector:
        with pytest.raises(SourceError) as raised:
            await connector.probe()
        assert connector.requests == len(site.requests) == transport.TRIES
    assert raised.value.reason == "limited"


@both
async def test_the_hours_requests_are_not_exceeded(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 100, page_cap=10)
    async with reading(site, remote_links="never", max_requests_per_hour=8) as connector:
        with pytest.raises(SourceError, match="8 requests an hour") as raised:
            await everything(connector)
    assert raised.value.reason == "limited"
    assert 0 < (raised.value.retry_after or 0) <= 3600
    assert len(site.requests) == 8


@both
async def test_no_more_requests_at_once_than_allowed(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 20, latency=0.05)
    async with reading(site, remote_links="always", max_requests_at_once=2) as connector:
        await connector.probe()
        await everything(connector)
    assert site.most_waiting == 2


@both
@pytest.mark.parametrize("kind", ["hang", "drip"])
async def test_a_slow_answer_is_given_up_and_asked_for_again(
    reading: Reading, flavour: Flavour, kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "READ_TIMEOUT", 0.3)
    monkeypatch.setattr(transport, "TOTAL_TIMEOUT", 0.6)
    site = site_of(flavour, 5)
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        path = "/search/jql" if flavour == "cloud" else "/search"
        site.faults.append(Fault(kind, seconds=1.0 if kind == "hang" else 0.02, path=path))
        site.requests.clear()
        assert len(keys(await everything(connector))) == 5
    assert max(Counter(site.requests).values()) > 1


@both
async def test_a_gigabyte_is_cut_off(
    reading: Reading, flavour: Flavour, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 2_000_000)
    monkeypatch.setattr(session, "_CHUNK", 65_536)
    site = site_of(flavour, 5)
    site.faults.append(Fault("huge", size=1_000_000_000, path="/search"))
    async with reading(site, remote_links="never") as connector:
        with pytest.raises(SourceError, match="larger than 2000000 bytes") as raised:
            await everything(connector)
    assert raised.value.reason == "answer"


@contextmanager
def a_stranger() -> Iterator[tuple[str, list[str]]]:
    """Another host, and the credentials it was sent."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.headers.get("Authorization", ""))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.2", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.2:{server.server_port}/", heard
    server.shutdown()
    server.server_close()


@both
async def test_a_redirect_to_another_host_gets_no_credential(reading: Reading, flavour: Flavour) -> None:
    with a_stranger() as (url, heard):
        site = site_of(flavour)
        site.faults.append(Fault("redirect", location=url))
        async with reading(site) as connector:
            with pytest.raises(SourceError, match="redirects to") as raised:
                await connector.probe()
    assert raised.value.reason == "answer"
    assert heard == []


@both
@pytest.mark.parametrize(
    "fault",
    [
        Fault("html"), Fault("html", 401), Fault("html", 403), Fault("status", 401),
        Fault("html", path="/search"), Fault("answer", body=b"{}", path="/myself"),
        Fault("answer", body=b'{"issues":[],"isLast":true,"total":0,"maxResults":100}', path="/search",
              headers=(("X-AUSERNAME", "anonymous"),)),
        Fault("answer", body=b'{"issues":[],"isLast":true,"total":0,"maxResults":100}', path="/search",
              headers=(("X-Seraph-LoginReason", "AUTHENTICATED_FAILED"),)),
    ],
)  # fmt: skip
async def test_an_answer_to_a_stranger_is_no_empty_backlog(
    reading: Reading, flavour: Flavour, fault: Fault
) -> None:
    site = site_of(flavour)
    site.faults.append(Fault(**{**_fields(fault), "lasts": True}))
    async with reading(site) as connector:
        with pytest.raises(SourceError) as raised:
            await everything(connector)
    assert raised.value.reason == "authentication"
    assert len([path for _, path, _ in site.requests if fault.path in path]) <= 2, "no retries"


def _fields(fault: Fault) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in fault.__slots__}


@both
async def test_an_empty_scan_asks_who_we_are_once_more(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour)
    async with reading(site, remote_links="never") as connector:
        await connector.probe()
        empty = b'{"issues":[],"isLast":true,"total":0,"maxResults":100,"count":0}'
        site.faults.append(Fault("answer", path="/search", body=empty, lasts=True))
        site.faults.append(Fault("status", 401, path="/myself"))
        with pytest.raises(SourceError) as raised:
            await everything(connector)
    assert raised.value.reason == "authentication"


@both
@pytest.mark.parametrize("body", [b"{}", b"[]", b'{"issues":null}', b'"x"', b'{"issues":{}}'])
async def test_an_answer_of_another_shape_is_no_empty_backlog(
    reading: Reading, flavour: Flavour, body: bytes
) -> None:
    site = site_of(flavour)
    site.faults.append(Fault("answer", path="/search", body=body, lasts=True))
    async with reading(site) as connector:
        with pytest.raises(SourceError):
            await everything(connector)


@both
async def test_an_account_that_was_renamed_changes_no_identity(reading: Reading, flavour: Flavour) -> None:
    site = site_of(flavour, 1)
    async with reading(site, remote_links="never") as connector:
        first = (await everything(connector))[0].items[0]
        site.put(issue("ONL-1", "Issue 1", flavour, assignee="Former user"))
        second = (await everything(connector))[0].items[0]
    assert first.identity == second.identity


async def test_linking_that_is_switched_off_is_no_failure(reading: Reading) -> None:
    site = site_of("cloud", 2)
    site.faults.append(Fault("status", 403, path="/remotelink", lasts=True))
    async with reading(site) as connector:
        assert len(keys(await everything(connector))) == 2


@both
async def test_no_secret_is_in_any_error(reading: Reading, flavour: Flavour) -> None:
    for fault in (
        Fault("status", 400),
        Fault("status", 401),
        Fault("status", 418),
        Fault("html"),
        Fault("redirect"),
    ):
        site = site_of(flavour)
        site.faults.append(fault)
        async with reading(site) as connector:
            with pytest.raises(SourceError) as raised:
                await connector.probe()
        assert "secret-pat" not in json.dumps([str(raised.value), repr(raised.value)])


def test_what_may_be_asked_at_once_is_bounded(options: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="max_requests_at_once"):
        options(max_requests_at_once=100)
