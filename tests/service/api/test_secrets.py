"""No secret is ever told again: every answer and log line of a whole run is searched for each
(faults.md, 69)."""

import logging
import traceback
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from service.app import create_app
from service.flow.analysis.full import analyse
from service.flow.context import Context
from service.flow.reading.sync import finish_sync, sync_source
from service.store.conflicts import listed_conflicts as conflicts
from service.store.sources import sources
from tests.support import shop
from tests.support.api import serving
from tests.support.outgoing import deliver
from tests.support.receiver import Received, Receiver, Reply, receiving

READS = [
    "/v1/backlog?state=any", "/v1/backlog/tree", "/v1/backlog/order", "/v1/items/online-jira:2",
    "/v1/items/online-jira:2/history", "/v1/dependencies", "/v1/conflicts", "/v1/dod", "/v1/teams",
    "/v1/goals", "/v1/rules", "/v1/sources", "/v1/events?limit=500", "/v1/webhooks", "/v1/tokens",
    "/healthz", "/readyz", "/metrics", "/openapi.json",
]  # fmt: skip


def echo(received: Received) -> Reply:
    """A tracker or receiver that refuses, and says the credential it was sent."""
    told = " ".join(received.headers.get(name, "") for name in ("authorization", "cookie"))
    return Reply(401, {"www-authenticate": told or "Basic"}, f'{{"errorMessages": ["no: {told}"]}}'.encode())


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        found.reply = echo
        yield found


@pytest.fixture
async def context(filled: Path, tmp_path: Path, receiver: Receiver) -> AsyncIterator[Context]:
    url = receiver.url.removesuffix("/hook")
    told = [
        {**source, "url": url} if source["type"] == "jira" else source for source in shop.PRODUCT["sources"]
    ]
    notify = [{"key": "chat", "url": "${CHAT}", "events": ["conflict.*"]}]
    async with shop.opened(shop.copy(filled, tmp_path), sources=told, notify=notify) as found:
        yield found


async def test_no_answer_and_no_log_line_holds_a_secret(
    context: Context, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)  # as service.logs sets it
    secrets = {*shop.SECRETS.values(), shop.ADMIN, "the key of the vault"}
    answers: list[httpx.Response] = []
    with capture_logs() as logs:
        async with serving(create_app(context)) as base_url:
            headers = {"authorization": f"Bearer {shop.ADMIN}"}
            async with httpx.AsyncClient(base_url=base_url, headers=headers) as http:
                secrets |= await use(context, http, receiver, answers)
                monkeypatch.setattr(conflicts, "page", _fail)
                answers.append(await http.get("/v1/conflicts?since=2026-01-01"))
    assert answers[-1].status_code == 500
    told = [one.text + str(one.headers) for one in answers] + [_line(one) for one in logs] + [caplog.text]
    assert len(told) > len(READS)
    assert [source.error for source in await _sources(context) if source.error]
    for secret in secrets:
        for text in told:
            assert secret not in text, (secret, text[:500])


async def _fail(*_arguments: object) -> None:
    raise RuntimeError("broken")


async def _sources(context: Context) -> Iterable[Any]:
    async with context.database.read() as connection:
        return await sources.all_sources(connection)


def _line(entry: Any) -> str:
    error = entry.get("exc_info")
    return str(entry) + ("".join(traceback.format_exception(error)) if isinstance(error, Exception) else "")


async def use(
    context: Context, http: httpx.AsyncClient, receiver: Receiver, answers: list[httpx.Response]
) -> set[str]:
    """Everything an admin does in a day; the secrets that were shown once. Those answers are left out."""
    token = (await http.post("/v1/tokens", json={"name": "x", "role": "viewer"})).json()["token"]
    path = "a-path-that-is-a-password"
    made = (await http.post("/v1/webhooks", json={"url": f"{receiver.url}/{path}"})).json()
    hook = f"/v1/webhooks/{made['id']}"
    rotated = (await http.post(f"{hook}/rotate-secret")).json()["secret"]
    for key in ("online-jira", "back-jira"):
        result = await sync_source(context, key)
        await finish_sync(context, result)
        answers.append(await http.get(f"/v1/syncs/{result.sync}"))
        answers.append(await http.post(f"/v1/sources/{key}/sync"))
    await shop.store(context, "stores-gh", [])
    await analyse(context)
    answers.append(await http.post(f"{hook}/test"))
    await deliver(context)
    reads = [*READS, hook, f"{hook}/deliveries", "/v1/nothing", "/v1/backlog?colour=red"]
    answers.extend([await http.get(read) for read in reads])
    for url in (f"file:///{path}", f"http://user:{path}@127.0.0.1/", f"http://10.0.0.1/{path}"):
        body = {"url": url}
        answers.append(await http.post("/v1/webhooks", json=body))
        answers.append(await http.patch(hook, json=body))
    for headers in ({"authorization": f"Bearer {token}x"}, {"x-hub-signature": "sha256=0"}):
        answers.append(await http.post("/v1/inbound/jira/online-jira", content=b"{}", headers=headers))
        answers.append(await http.get("/v1/backlog", headers=headers))
    return {token, made["secret"], rotated, path}
