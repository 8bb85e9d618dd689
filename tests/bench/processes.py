"""Trackers, attune and its peers as processes of their own, on free ports."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ADMIN = "att_" + "bench" * 8
COUNT = 20_000
_PATIENCE = 120.0  # seconds until a server answers


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


async def run(*arguments: str) -> dict[str, Any]:
    """A module to its end; the JSON on its last line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed")
    found: dict[str, Any] = json.loads(output.decode().strip().splitlines()[-1])
    return found


@asynccontextmanager
async def server(*arguments: str, port: int, environment: dict[str, str] | None = None) -> AsyncIterator[int]:
    """A module that serves at ``port`` as long as the block lasts."""
    told = {**os.environ, **(environment or {})}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments, env=told)
    try:
        await _answers(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
                continue
            writer.close()
            return


@asynccontextmanager
async def tracker(kind: str, count: int = COUNT) -> AsyncIterator[int]:
    port = free_port()
    async with server("tests.bench.tracker", kind, str(count), str(port), port=port) as found:
        yield found


@asynccontextmanager
async def attune(product_file: Path, database_url: str) -> AsyncIterator[int]:
    """One worker: ``attune serve`` over a database that is there already."""
    port = free_port()
    environment = {
        "ATTUNE_PRODUCT_FILE": str(product_file),
        "ATTUNE_DATABASE_URL": database_url,
        "ATTUNE_ADMIN_TOKEN": ADMIN,
        "ATTUNE_PORT": str(port),
        "ATTUNE_ALLOW_PRIVATE_WEBHOOKS": "127.0.0.0/8",
    }
    async with server("service.cli", "serve", port=port, environment=environment) as found:
        yield found
