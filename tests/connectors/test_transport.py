"""One retry and limit policy, and what an answer may be."""

import asyncio
import gzip
import math
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connectors import transport
from connectors.contract import SourceError
from connectors.transport import Answer, Retry, exchange, http_client, parse_retry_after, with_retries

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited each time; nobody really waits."""
    waits: list[float] = []
    real = asyncio.sleep

    ours = threading.current_thread()

    async def sleep(seconds: float) -> None:
        if threading.current_thread() is not ours:  # a server of another test sleeps as ever
            await real(seconds)
            return
        waits.append(seconds)
        await real(0)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waits


def failing(*errors: Exception, then: str = "done") -> Callable[[], Awaitable[str]]:
    left = list(errors)

    async def call() -> str:
        if left:
            raise left.pop(0)
        return then

    return call


async def test_what_may_pass_is_tried_again(slept: list[float]) -> None:
    assert await with_retries(failing(Retry("unreachable", "away"), Retry("answer", "cut"))) == "done"
    assert len(slept) == 2


async def test_anything_else_is_final(slept: list[float]) -> None:
    for error in (SourceError("authentication", "no"), ValueError("ours")):
        with pytest.raises(type(error)):
            await with_retries(failing(error))
    assert slept == []


async def test_the_tries_are_counted_and_the_last_reason_is_told(slept: list[float]) -> None:
    with pytest.raises(SourceError) as raised:
        await with_retries(failing(*[Retry("unreachable", f"away {n}") for n in range(transport.TRIES)]))
    assert (raised.value.reason, str(raised.value)) == ("unreachable", f"away {transport.TRIES - 1}")
    assert len(slept) == transport.TRIES - 1


async def test_the_waits_double_within_a_fifth(slept: list[float]) -> None:
    for _ in range(50):
        await with_retries(failing(*[Retry("unreachable", "away")] * 4))
    for number in range(4):
        waits = slept[number::4]
        expected = 0.5 * 2**number
        assert all(0.8 * expected <= one <= 1.2 * expected for one in waits)
        assert len(set(waits)) > 10  # not all sources at the same moment


async def test_what_the_tracker_asks_for_is_waited(slept: list[float]) -> None:
    await with_retries(failing(Retry("limited", "slow down", 7.0), Retry("limited", "slow down", 0.0)))
    assert slept[0] == 7.0
    assert 0.8 <= slept[1] <= 1.2


async def test_a_long_wait_ends_the_read_and_says_when_to_come_back(slept: list[float]) -> None:
    with pytest.raises(SourceError) as raised:
        await with_retries(failing(Retry("limited", "an hour", 3600.0)))
    assert (raised.value.reason, raised.value.retry_after) == ("limited", 3600.0)
    assert slept == []
    await with_retries(failing(Retry("limited", "short", transport.LONGEST_WAIT)))
    assert slept == [transport.LONGEST_WAIT]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        (" 7 ", 7.0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        ("Mon, 02 Mar 2026 09:01:00", 60.0),  # no zone: UTC
        ("Monday, 02-Mar-26 09:01:00 GMT", 60.0),
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("Mon, 99 Mar 2026 09:01:00 GMT", None),
        ("Mon, 02 Mar 99999999999 09:01:00 GMT", None),
    ],
)
def test_retry_after_in_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert parse_retry_after(value, NOW) == seconds


Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def tracker(reply: Reply) -> AsyncIterator[str]:
    tasks: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(task := asyncio.current_task())  # type: ignore[arg-type]
        try:
            await reader.readuntil(b"\r\n\r\n")
            await reply(writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def sends(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> Reply:
    async def reply(writer: asyncio.StreamWriter) -> None:
        size = len(body) if length is None else length
        lines = [f"HTTP/1.1 {status}", f"content-length: {size}", "connection: close", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return reply


async def ask(reply: Reply) -> Answer:
    async with tracker(reply) as url, http_client() as client:
        return await exchange(client, client.build_request("GET", url))


@pytest.mark.parametrize("status", ["200 OK", "304 Not Modified", "404 Not Found", "429 Slow", "500 No"])
async def test_an_answer_comes_whole_whatever_its_status(status: str) -> None:
    answer = await ask(sends(status, b"" if "304" in status else b"body", "X-Name: value"))
    assert answer.status == int(status[:3])
    assert answer.headers["x-name"] == "value"
    assert answer.body in (b"body", b"")


@pytest.mark.parametrize(
    "location", ["http://elsewhere.example/", "/here", "//elsewhere.example", "http://[bad", ""]
)
async def test_no_redirect_is_followed(location: str) -> None:
    with pytest.raises(SourceError) as raised:
        await ask(sends("302 Found", b"", f"location: {location}"))
    assert raised.value.reason == "answer"
    assert "redirects" in str(raised.value)


@pytest.mark.parametrize(
    "location",
    [
        "/login.jsp?os_destination=%2Frest",
        "https://id.example/saml2/idp",
        "/sso?x",
        "//github.com/login",
        "/oauth/authorize",
    ],
)
async def test_a_redirect_to_a_login_page_is_a_lost_credential(location: str) -> None:
    with pytest.raises(SourceError) as raised:
        await ask(sends("302 Found", b"", f"location: {location}"))
    assert raised.value.reason == "authentication"


@pytest.mark.parametrize(
    "status", ["503 Service Unavailable", "429 Too Many Requests", "404 Not Found", "401 No"]
)
async def test_a_web_page_under_an_error_is_answered_with_its_status(status: str) -> None:
    """What it means is for the connector to say, by the status and not by the body."""
    answer = await ask(sends(status, b"<!doctype html><title>Log in</title>", "content-type: text/html"))
    assert answer.status == int(status[:3])


async def test_too_large_an_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "LARGEST_ANSWER", 100_000)
    for reply in (
        sends("200 OK", b"x" * 200_000),
        sends("200 OK", gzip.compress(b"x" * 10_000_000), "content-encoding: gzip"),
    ):
        with pytest.raises(SourceError) as raised:
            await ask(reply)
        assert "100000 bytes" in str(raised.value)


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.02)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def garbage(writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    await writer.drain()


@pytest.mark.parametrize(
    "reply",
    [
        drip,
        hang_up,
        garbage,
        sends("200 OK", b"half", length=1000),
        sends("200 OK", b"not gzip", "content-encoding: gzip"),
    ],
)
async def test_what_may_pass_is_a_retry(reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "TOTAL_TIMEOUT", 0.3)
    with pytest.raises(Retry) as raised:
        await ask(reply)
    assert raised.value.reason == "unreachable"
    assert "127.0.0.1" in str(raised.value)


async def test_nobody_there_is_a_retry() -> None:
    async with http_client() as client:
        with pytest.raises(Retry):
            await exchange(client, client.build_request("GET", "http://127.0.0.1:9/"))


def test_the_time_limits_are_those_of_the_rules() -> None:
    assert (transport.CONNECT_TIMEOUT, transport.READ_TIMEOUT) == (10.0, 60.0)
    timeout = http_client().timeout
    assert (timeout.connect, timeout.read) == (10.0, 60.0)
    assert math.isfinite(transport.TOTAL_TIMEOUT)
