"""Answers as bytes, with strong ETags; what was rendered once is kept until something changes.

An ETag is made of the revision (it grows with every change a reader could see), the product file and
the address asked for. So 304 needs one tiny query, and so does an answer that was rendered before.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fastapi import Request, Response

from service import __version__
from service.api.http import paging
from service.api.http.revisions import revision_of
from service.flow.context import Context
from service.store.database.engine import Connection

KEPT_BYTES = 32 * 1024 * 1024  # of rendered answers, per process
_PRIVATE = "private, no-cache"  # a browser keeps it, asks every time, and is told 304

Build = Callable[[Connection], Awaitable["RenderedPage | bytes"]]


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A rendered list and the cursor of the next page."""

    body: bytes
    following: str | None = None


@dataclass
class Rendered:
    """The answers used last, by ETag, in bounded memory."""

    most: int = KEPT_BYTES
    size: int = 0
    _answers: OrderedDict[str, RenderedPage] = field(default_factory=OrderedDict)

    def get(self, etag: str) -> RenderedPage | None:
        rendered = self._answers.get(etag)
        if rendered is not None:
            self._answers.move_to_end(etag)
        return rendered

    def put(self, etag: str, answer: RenderedPage) -> None:
        if len(answer.body) > self.most // 8 or etag in self._answers:
            return
        self._answers[etag] = answer
        self.size += len(answer.body)
        while self.size > self.most:
            self.size -= len(self._answers.popitem(last=False)[1].body)


@dataclass
class Responder:
    """One per application: answers reads of what the revision covers."""

    context: Context
    rendered: Rendered
    salt: bytes

    @classmethod
    def of(cls, context: Context) -> "Responder":
        salt = f"{__version__}\n{context.product!r}".encode()  # secrets show as stars in it
        return cls(context, Rendered(), hashlib.blake2b(salt).digest())

    async def answer(self, request: Request, build: Build) -> Response:
        """``build`` renders the answer; it runs only when nobody asked the same since the last change."""
        etag = self._etag(await revision_of(request), request)
        if matches(request, etag):
            return unchanged(etag)
        page = self.rendered.get(etag)
        if page is None:
            async with self.context.database.read() as connection:
                built = await build(connection)
            page = built if isinstance(built, RenderedPage) else RenderedPage(built)
            self.rendered.put(etag, page)
        response = Response(page.body, headers=_headers(etag), media_type="application/json")
        paging.link_next(request, response, page.following)
        return response

    def _etag(self, value: int, request: Request) -> str:
        asked = f"{value}\n{request.url.path}\n".encode() + request.scope["query_string"]
        return f'"{hashlib.blake2b(asked, digest_size=16, key=self.salt).hexdigest()}"'


def responder(request: Request) -> Responder:
    present: Responder = request.app.state.responder
    return present


async def answer(request: Request, build: Build) -> Response:
    return await responder(request).answer(request, build)


def fresh(request: Request, body: bytes) -> Response:
    """An answer the revision does not cover: its ETag is made of its bytes."""
    etag = f'"{hashlib.blake2b(body, digest_size=16).hexdigest()}"'
    if matches(request, etag):
        return unchanged(etag)
    return Response(body, headers=_headers(etag), media_type="application/json")


def fresh_list(request: Request, items: Iterable[bytes], following: str | None) -> Response:
    """The same for a page of a list."""
    response = fresh(request, paging.page(items, following))
    paging.link_next(request, response, following)
    return response


def matches(request: Request, etag: str) -> bool:
    asked = request.headers.get("if-none-match")
    if asked is None:
        return False
    return asked.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in asked.split(",")}


def unchanged(etag: str) -> Response:
    return Response(status_code=304, headers=_headers(etag))


def _headers(etag: str) -> dict[str, str]:
    return {"etag": etag, "cache-control": _PRIVATE, "vary": "Authorization"}


def moment(at: float | None) -> str | None:
    """Epoch seconds as RFC 3339 in UTC, whole seconds."""
    return None if at is None else datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
