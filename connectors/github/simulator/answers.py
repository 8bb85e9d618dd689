"""Answers with GitHub's headers, and those that go wrong."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import orjson
from starlette.responses import Response, StreamingResponse

from connectors.github.simulator.fault import Fault
from connectors.github.simulator.host import GitHubHost

BEFORE = ("status", "html", "limited", "redirect", "hang", "drip", "huge")  # instead of an answer
INSIDE = ("partial", "loop", "twice")  # what GraphQL says
AFTER = ("cut", "broken")  # how it arrives
_LOGIN = "<!DOCTYPE html><html><head><title>Sign in to GitHub</title></head><body></body></html>"
_LONG = 3600.0  # seconds
_MEGABYTE = b" " * 1_000_000


def json_answer(
    host: GitHubHost,
    content: bytes,
    status: int = 200,
    headers: dict[str, str] | None = None,
    resource: str = "core",
) -> Response:
    shown = rate_limit_headers(host, resource)
    if host.enterprise_version:
        shown["x-github-enterprise-version"] = f"enterprise-server@{host.enterprise_version}.0"
    if host.date_offset is not None:
        shown["date"] = format_datetime(datetime.now(UTC) + host.date_offset, usegmt=True)
    return Response(content, status, {**shown, **(headers or {})}, media_type="application/json")


def rate_limit_headers(host: GitHubHost, resource: str) -> dict[str, str]:
    used, now = host.points_used[resource], int(time.time())
    return {
        "x-ratelimit-limit": str(host.points_limit),
        "x-ratelimit-remaining": str(max(0, host.points_limit - used)),
        "x-ratelimit-used": str(used),
        "x-ratelimit-reset": str(now - now % 3600 + 3600),
        "x-ratelimit-resource": resource,
    }


def rate_limited(host: GitHubHost) -> Response:
    """GraphQL's way of saying that the hour's points are used up."""
    wrong = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}
    return json_answer(host, orjson.dumps({"errors": [wrong]}), resource="graphql")


def problem(host: GitHubHost, status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    about = {"message": message, "documentation_url": "https://docs.github.com/rest"}
    return json_answer(host, orjson.dumps(about), status, headers)


def due(host: GitHubHost, path: str, asked: bytes, kinds: tuple[str, ...]) -> Fault | None:
    """The next fault, taken, when it is of these kinds and concerns this request."""
    fault = host.faults[0] if host.faults else None
    if fault is None or fault.kind not in kinds or fault.path not in path:
        return None
    if fault.asks and fault.asks.encode() not in asked:
        return None
    return host.faults.popleft()


def gone_wrong(fault: Fault) -> Response:
    if fault.kind == "html":
        return Response(_LOGIN, media_type="text/html")
    if fault.kind == "redirect":
        return Response(status_code=302, headers={"location": fault.location, **fault.headers})
    if fault.kind in ("hang", "drip", "huge"):
        return StreamingResponse(_slowly(fault.kind), media_type="application/json")
    if fault.kind == "limited":
        wrong = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}
        return Response(orjson.dumps({"errors": [wrong]}), 200, dict(fault.headers))
    if fault.is_html:
        return Response(_LOGIN, fault.status, dict(fault.headers), media_type="text/html")
    return Response(orjson.dumps({"message": fault.message}), fault.status, dict(fault.headers))


async def _slowly(kind: str) -> AsyncIterator[bytes]:
    if kind == "hang":
        await asyncio.sleep(_LONG)
    for _ in range(1000):
        yield b" " if kind == "drip" else _MEGABYTE
        await asyncio.sleep(0.05 if kind == "drip" else 0)


def spoilt(fault: Fault, body: bytes) -> Response:
    half = body[: len(body) // 2]
    if fault.kind == "cut":
        return Response(half, media_type="application/json")

    async def part() -> AsyncIterator[bytes]:
        yield half
        raise ConnectionResetError("as the test wants it")

    return StreamingResponse(
        part(), headers={"content-length": str(len(body))}, media_type="application/json"
    )


def twisted(fault: Fault, body: bytes, question: dict[str, Any], first: bytes) -> bytes:
    """What a page of issues says, changed; other answers stay as they are."""
    answer = orjson.loads(body)
    issues = _issues(answer)
    if issues is None:
        return body
    if fault.kind == "partial":
        nodes = issues["nodes"]
        nodes[len(nodes) // 2 :] = [None] * (len(nodes) - len(nodes) // 2)
        answer["errors"] = [{"message": "Something went wrong while executing your query."}]
    if fault.kind == "loop":
        issues["pageInfo"] |= {
            "hasNextPage": True,
            "endCursor": question["variables"].get("after") or "again",
        }
    if fault.kind == "twice":
        issues["nodes"] = (_issues(orjson.loads(first)) or issues)["nodes"] + issues["nodes"]
    return orjson.dumps(answer)


def _issues(answer: dict[str, Any]) -> dict[str, Any] | None:
    data = answer.get("data") or {}
    project = (data.get("repositoryOwner") or {}).get("projectV2") or {}
    return (data.get("repository") or {}).get("issues") or project.get("items")
