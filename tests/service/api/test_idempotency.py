import asyncio
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from service.api.telling import webhooks
from tests.support.asking import Api, problem

HOOK = {"url": "http://127.0.0.1:9/"}


async def post(
    api: Api, key: str, body: Any = None, role: Any = "admin", path: str = "/v1/webhooks"
) -> httpx.Response:
    return await api.ask("POST", path, role, json=body or HOOK, headers={"idempotency-key": key})


async def count(api: Api) -> int:
    return len((await api.get("/v1/webhooks", role="admin"))["items"])


async def test_the_same_key_gives_the_same_answer_and_one_effect(api: Api) -> None:
    first, again = await post(api, "one"), await post(api, "one")
    assert first.status_code == again.status_code == 201
    assert again.content == first.content  # the secret too
    assert again.headers["location"] == first.headers["location"]
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["x-content-type-options"] == "nosniff"
    assert await count(api) == 1


async def test_another_body_or_path_under_the_same_key_is_422(api: Api) -> None:
    await post(api, "one")
    other = await post(api, "one", {**HOOK, "mode": "digest"})
    elsewhere = await post(api, "one", {"name": "x", "role": "viewer"}, path="/v1/tokens")
    for answer in (other, elsewhere):
        assert (answer.status_code, problem(answer)["title"]) == (422, "Key used before")
    assert await count(api) == 1


async def test_keys_are_everyones_own(api: Api) -> None:
    mine, theirs = await post(api, "one"), await post(api, "one", role="chief_po")
    assert mine.json()["id"] != theirs.json()["id"]


async def test_after_a_day_the_key_is_free(api: Api) -> None:
    await post(api, "one")
    api.context.clock.now += 24 * 3600 + 1  # type: ignore[attr-defined]
    assert (await post(api, "one", {**HOOK, "mode": "digest"})).status_code == 201
    assert await count(api) == 2


async def test_sent_at_the_same_moment_it_is_done_once(api: Api) -> None:
    await api.headers("admin")
    answers = await asyncio.gather(*(post(api, "one") for _ in range(8)))
    made = {one.json()["id"] for one in answers if one.status_code == 201}
    assert len(made) == 1
    assert {one.status_code for one in answers} <= {201, 409}
    assert await count(api) == 1


async def test_a_refusal_is_the_same_refusal_again(api: Api) -> None:
    first, again = await post(api, "one", {"url": "file:///x"}), await post(api, "one", {"url": "file:///x"})
    assert (first.status_code, again.status_code, again.content) == (422, 422, first.content)
    assert again.headers["content-type"] == "application/problem+json"


async def test_after_a_failure_of_ours_the_key_can_be_used_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("out of luck")

    with monkeypatch.context() as broken, capture_logs():
        broken.setattr(webhooks, "new_subscription", fail)
        assert (await post(api, "one")).status_code == 500
    assert (await post(api, "one")).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
async def test_a_key_that_cannot_be_kept_is_400(api: Api, key: str) -> None:
    answer = await post(api, key)
    assert (answer.status_code, problem(answer)["title"]) == (400, "Invalid key")


async def test_without_a_token_no_key_is_taken(api: Api) -> None:
    assert (await post(api, "one", role=None)).status_code == 401
    assert (await post(api, "one")).status_code == 201


async def test_without_a_key_each_is_done(api: Api) -> None:
    for _ in range(2):
        assert (await api.ask("POST", "/v1/webhooks", json=HOOK)).status_code == 201
    assert await count(api) == 2
