"""Answers gone wrong, as proxies, limits and broken lines make them."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOGIN = "<!DOCTYPE html><html><head><title>Log in - Jira</title></head><body><form></form></body></html>"
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Fault:
    """How the next answer goes wrong. ``path``: only of a request whose path contains it.

    ``status``: an error, with ``body`` if it is given; ``html``: a web page, a login's with 200, a
    proxy's with any other; ``answer``: ``body`` with status 200; ``swap``: the right answer with some
    bytes replaced; ``truncated`` and ``cut``: half of it, the latter by a broken line; ``drip``: byte
    by byte, ``seconds`` apart; ``hang``: nothing for ``seconds``; ``huge``: ``size`` bytes;
    ``redirect``: to ``location``.
    """

    kind: Literal["status", "html", "answer", "swap", "truncated", "cut", "drip", "hang", "huge", "redirect"]
    status: int | None = None  # 500 of an error, 200 of a web page
    retry_after: str | None = None
    location: str = "http://127.0.0.2:9/"
    path: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    swap: tuple[bytes, bytes] = (b"", b"")
    seconds: float = 0.0
    size: int = 0
    lasts: bool = False  # for every answer, until it is taken away


async def show(fault: Fault, answer: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with ``fault`` in place of, or by spoiling, the ``answer``."""
    if fault.kind in ("truncated", "cut", "swap", "drip"):
        await _spoil(fault, answer, scope, receive, send)
    elif fault.kind == "hang":
        await asyncio.sleep(fault.seconds)
        await answer(scope, receive, send)
    elif fault.kind == "huge":
        await _flood(fault.size, send)
    else:
        await _instead(fault)(scope, receive, send)


def _instead(fault: Fault) -> Response:
    headers = dict(fault.headers)
    if fault.kind == "html":
        if fault.retry_after:
            headers["Retry-After"] = fault.retry_after
        return Response(_LOGIN, fault.status or 200, headers, media_type="text/html")
    if fault.kind == "answer":
        return Response(fault.body, 200, headers, media_type="application/json")
    if fault.kind == "redirect":
        return Response(status_code=302, headers={"Location": fault.location})
    if fault.retry_after:
        headers["Retry-After"] = fault.retry_after
    body = fault.body or b'{"errorMessages":["The request failed."],"errors":{}}'
    return Response(body, fault.status or 500, headers, media_type="application/json")


async def _spoil(fault: Fault, answer: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    said: list[Message] = []

    async def keep(message: Message) -> None:
        said.append(message)

    await answer(scope, receive, keep)
    start, whole = said[0], b"".join(one.get("body", b"") for one in said[1:])
    body = whole.replace(*fault.swap) if fault.kind == "swap" else whole
    if fault.kind in ("truncated", "cut"):
        body = body[: len(body) // 2]
    length = len(whole) if fault.kind == "cut" else len(body)
    headers = [one for one in start["headers"] if one[0] != b"content-length"]
    await send({**start, "headers": [*headers, (b"content-length", str(length).encode())]})
    await _pour(body, fault, send)


async def _pour(body: bytes, fault: Fault, send: Send) -> None:
    """A cut line ends within the length that was announced."""
    if fault.kind == "drip":
        for at in range(len(body)):
            await send({"type": "http.response.body", "body": body[at : at + 1], "more_body": True})
            await asyncio.sleep(fault.seconds)
        body = b""
    await send({"type": "http.response.body", "body": body})


async def _flood(size: int, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _headers(size)})
    for _ in range(0, size, _CHUNK):
        await send({"type": "http.response.body", "body": b" " * _CHUNK, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


def _headers(size: int) -> Iterable[tuple[bytes, bytes]]:
    length = (size + _CHUNK - 1) // _CHUNK * _CHUNK
    return [(b"content-type", b"application/json"), (b"content-length", str(length).encode())]
