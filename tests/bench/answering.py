"""GET /v1/backlog with 20,000 items: one at a time, over 16 connections, unchanged, and page after page."""

import statistics
import tempfile
import time
from pathlib import Path

import httpx

from tests.bench.attune import read, write_product
from tests.bench.load import etag, load
from tests.bench.processes import ADMIN, COUNT, attune, tracker

PATH = "/v1/backlog?limit=100"
HEADERS = f"Authorization: Bearer {ADMIN}\r\n"


async def bench() -> None:
    print(f"\n### Answering `GET {PATH}` with {COUNT:,} items (one worker process)\n")
    print("| what | median | 99 % | requests/s |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/attune.db"
        async with tracker("jira") as port:
            await read("jira", port, url)
            file = write_product(Path(folder) / "product.yaml", "jira", port)
            async with attune(file, url) as serving:
                await _measure(serving)


async def _measure(port: int) -> None:
    await load(port, PATH, 1, 200, HEADERS)
    _tell("one at a time", await load(port, PATH, 1, 2000, HEADERS))
    _tell("16 connections", await load(port, PATH, 16, 8000, HEADERS))
    known = await etag(port, PATH, HEADERS)
    unchanged = HEADERS + f"If-None-Match: {known}\r\n"
    _tell("unchanged (304)", await load(port, PATH, 1, 2000, unchanged, expect=304))
    await _pages(port)


def _tell(what: str, found: object) -> None:
    print(f"| {what} | {found.median:.1f} ms | {found.p99:.1f} ms | {found.rate:,.0f} |", flush=True)  # type: ignore[attr-defined]


async def _pages(port: int) -> None:
    """Every page once: none has been rendered before."""
    times, path = [], PATH
    headers = {"Authorization": f"Bearer {ADMIN}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        while True:
            begun = time.perf_counter()
            page = (await client.get(path)).json()
            times.append(1000 * (time.perf_counter() - begun))
            if page["next"] is None:
                break
            path = f"{PATH}&cursor={page['next']}"
    times.sort()
    p99 = times[int(len(times) * 0.99) - 1]
    print(
        f"| all {len(times)} pages in turn, each new | {statistics.median(times):.1f} ms | {p99:.1f} ms | |"
    )
