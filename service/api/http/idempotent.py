"""``Idempotency-Key`` on every POST: the same key gives the same answer for 24 hours.

Answers are kept encrypted, since some show a secret once. An answer that says the server failed is
not kept, so that trying again can succeed.
"""

import hashlib

import orjson
from starlette.datastructures import Headers
from starlette.requests import Request

from service.api.http import auth, problems
from service.api.http.middleware import App, Message, Receive, Scope, Send
from service.api.http.problems import Problem
from service.flow.context import Context
from service.store.process import idempotency

HEADER = "idempotency-key"
LONGEST_KEY = 255
_KEPT_HEADERS = frozenset({"content-type", "location", "etag"})


class Idempotent:
    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _concerns(scope):
            await self.app(scope, receive, send)
            return
        try:
            await self._once(scope, receive, send)
        except Problem as problem:
            await problems.response(problem)(scope, receive, send)

    async def _once(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        context: Context = request.app.state.context
        key = request.headers[HEADER]
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            raise Problem(400, "Invalid key", f"Idempotency-Key takes 1 to {LONGEST_KEY} characters.")
        asking = await auth.principal(request, context)
        body = await request.body()
        asked = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).hexdigest()
        async with context.database.write() as connection:
            kept = await idempotency.claim(connection, asking.id, key, asked, context.clock())
        if kept is not None:
            await _replay(context, kept, asked, send)
            return
        answer = _Answer(send)
        try:
            await self.app(scope, _again(body, receive), answer.take)
        finally:
            async with context.database.write() as connection:
                if answer.is_worth_keeping:
                    packed = context.vault.encrypt(answer.pack())
                    await idempotency.keep(connection, asking.id, key, answer.status, packed)
                else:
                    await idempotency.release(connection, asking.id, key)


def _concerns(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and not scope["path"].startswith("/v1/inbound/")
        and HEADER in Headers(scope=scope)
    )


async def _replay(context: Context, kept: idempotency.KeptAnswer, asked: str, send: Send) -> None:
    if kept.request != asked:
        raise Problem(422, "Key used before", "This Idempotency-Key was sent with another request.")
    if kept.status is None or kept.answer is None:
        raise Problem(409, "Still being done", "A request with this Idempotency-Key is being worked on.")
    headers, _, body = context.vault.decrypt(kept.answer).partition(b"\n")
    pairs = [(name.encode(), value.encode()) for name, value in orjson.loads(headers).items()]
    pairs += [(b"content-length", str(len(body)).encode()), (b"idempotent-replayed", b"true")]
    await send({"type": "http.response.start", "status": kept.status, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def _again(body: bytes, receive: Receive) -> Receive:
    """The body once more for the endpoint, then whatever the connection says."""
    is_sent = False

    async def receive_again() -> Message:
        nonlocal is_sent
        if is_sent:
            return await receive()
        is_sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


class _Answer:
    """Passes an answer on and remembers it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status = 500
        self._headers: dict[str, str] = {}
        self._body = b""
        self._is_whole = False

    @property
    def is_worth_keeping(self) -> bool:
        return self._is_whole and self.status < 500

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = Headers(raw=message["headers"])
            self._headers = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        elif message["type"] == "http.response.body":
            self._body += message.get("body", b"")
            self._is_whole = not message.get("more_body", False)
        await self._send(message)

    def pack(self) -> bytes:
        return orjson.dumps(self._headers) + b"\n" + self._body
