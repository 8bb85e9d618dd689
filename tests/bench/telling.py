"""From a tracker's webhook to a signed ``conflict.opened`` at a subscribed receiver, with 20,000 items."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook

from tests.bench.attune import read, write_product
from tests.bench.processes import ADMIN, COUNT, attune, tracker
from tests.support.receiver import Receiver, receiving

TIMES = 15


async def bench() -> None:
    print(f"\n### Telling: a tracker's webhook in → a signed `conflict.opened` out, {COUNT:,} items\n")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/attune.db"
        async with tracker("jira") as port:
            await read("jira", port, url)
            file = write_product(Path(folder) / "product.yaml", "jira", port)
            async with attune(file, url) as serving, receiving() as receiver:
                took = await _told(serving, port, receiver)
    took.sort()
    print("| changes | median | longest |\n|---|---|---|")
    print(f"| {len(took)} | {1000 * statistics.median(took):.0f} ms | {1000 * took[-1]:.0f} ms |", flush=True)


async def _told(serving: int, tracking: int, receiver: Receiver) -> list[float]:
    headers = {"Authorization": f"Bearer {ADMIN}"}
    async with (
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{serving}", headers=headers, timeout=60) as api,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{tracking}", timeout=60) as jira,
    ):
        wanted = {"url": receiver.url, "events": ["conflict.opened"]}
        secret = (await api.post("/v1/webhooks", json=wanted)).json()["secret"]
        keys = await _blockers_in_time(api)
        return [await _one(api, jira, receiver, key, secret) for key in keys]


async def _blockers_in_time(api: httpx.AsyncClient) -> list[str]:
    """Keys of open issues that another team waits for, so far without a conflict, each once."""
    edges = (await api.get("/v1/dependencies?cross_team=true&health=ok&limit=500")).json()["items"]
    keys: dict[str, None] = {}
    for edge in edges:
        blocker, dependent = [
            (await api.get(f"/v1/items/{edge[end]}")).json() for end in ("blocker", "dependent")
        ]
        if blocker["state"] == "todo" and dependent["due"] and dependent["state"] in ("todo", "doing"):
            keys[blocker["key"]] = None
        if len(keys) == TIMES:
            break
    return list(keys)


async def _one(
    api: httpx.AsyncClient, jira: httpx.AsyncClient, receiver: Receiver, key: str, secret: str
) -> float:
    hook: dict[str, Any] = (await jira.post(f"/bench/late?key={key}")).json()
    before = len(receiver.received)
    begun = time.perf_counter()
    answer = await api.post("/v1/inbound/jira/bench", content=hook["body"], headers=hook["headers"])
    assert answer.status_code == 202, answer.text
    while True:
        received = await receiver.wait_for(before + 1, patience=30)
        took = time.perf_counter() - begun
        message = Webhook(secret).verify(received[before].body.decode(), dict(received[before].headers))
        if key in {item["key"] for item in message["data"]["items"]}:
            return took
        before += 1
