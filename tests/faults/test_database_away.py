"""A database that is away: 503 for whoever asks or tells, never a false 2xx (faults.md, 35)."""

import hashlib
import hmac

import httpx
import pytest

from config.settings import Settings
from connectors import github
from service.app import create_app
from service.delivery.vault import Vault
from service.flow.context import Context
from service.store.database.engine import Database
from tests.support.api import serving
from tests.support.flow import make_product

BODY = b'{"action":"edited","issue":{"number":7},"repository":{"full_name":"acme/stores"}}'
SIGNED = {
    "x-hub-signature-256": "sha256=" + hmac.new(b"hook-secret", BODY, hashlib.sha256).hexdigest(),
    "x-github-event": "issues",
    "x-github-delivery": "d-1",
    "content-type": "application/json",
}


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        ("POST", "/v1/inbound/github/gh", SIGNED, BODY),
        ("GET", "/v1/backlog", {}, b""),
        ("POST", "/v1/sources/gh/sync", {"idempotency-key": "k"}, b""),
    ],
)
async def test_it_is_a_503_that_says_when_to_try_again(
    method: str, path: str, headers: dict[str, str], body: bytes
) -> None:
    told = {"key": "gh", "type": "github", "repository": "acme/stores", "auth": {"token": "t"}, "team": "gh"}
    options = github.Options.model_validate({**told, "webhook_secret": "hook-secret"})
    database = Database("postgresql://nobody@127.0.0.1:9/nowhere")
    context = Context(make_product(options), Settings(), database, Vault("key"), open_access=True)  # type: ignore[arg-type]
    async with serving(create_app(context)) as url, httpx.AsyncClient(base_url=url) as client:
        answer = await client.request(method, path, headers=headers, content=body)
    await database.close()
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Unavailable"
    assert "nobody" not in answer.text
