"""A small HTTP load: keep-alive connections that ask again as soon as they are answered."""

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    requests: int
    seconds: float
    median: float  # milliseconds
    p99: float  # milliseconds

    @property
    def rate(self) -> float:
        return self.requests / self.seconds


async def load(
    port: int, path: str, connections: int, requests: int, headers: str = "", expect: int = 200
) -> Load:
    """Ask for ``path`` on loopback; every answer must have the expected status and its whole body."""
    ask = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\r\n".encode()
    left = iter(range(requests))
    times: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(_client(port, ask, left, times, expect) for _ in range(connections)))
    took = time.perf_counter() - begun
    times.sort()
    return Load(len(times), took, 1000 * statistics.median(times), 1000 * times[int(len(times) * 0.99) - 1])


async def _client(port: int, ask: bytes, left: Iterator[int], times: list[float], expect: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in left:
        begun = time.perf_counter()
        writer.write(ask)
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        if status != expect:
            raise RuntimeError(f"expected {expect}, got {head[:200]!r}")
        if status != 304:
            await reader.readexactly(_length(head))
        times.append(time.perf_counter() - begun)
    writer.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line[15:])
    raise RuntimeError("the answer has no Content-Length")


async def etag(port: int, path: str, headers: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n{headers}Connection: close\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"etag:"):
            return line[5:].strip().decode()
    raise RuntimeError("the answer has no ETag")
