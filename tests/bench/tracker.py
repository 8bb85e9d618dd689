"""A tracker in a process of its own: ``python -m tests.bench.tracker jira|github COUNT PORT [DELAY]``.

It answers from rendered bytes, so that the figures are those of its readers; DELAY seconds pass
before each answer. ``POST /bench/late?key=ONL-1`` makes an issue late, and answers the webhook
that a real tracker would send: ``{"headers", "body"}``.
"""

import asyncio
import sys
from datetime import date
from typing import Any

import orjson
import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.bench import data

EMAIL = "bench@example.com"
TOKEN = "bench-token"
SECRET = "bench-secret"
LATE = date(2030, 1, 1)


class Late:
    """Changes a due date on request, and waits before every answer."""

    def __init__(self, app: ASGIApp, site: Any, delay: float) -> None:
        self.app, self.site, self.delay = app, site, delay

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(self.delay)
        if scope["type"] != "http" or scope["path"] != "/bench/late":
            await self.app(scope, receive, send)
            return
        key = Request(scope).query_params["key"]
        issue = self.site.find(key)
        self.site.put({**issue, "fields": {**issue["fields"], "duedate": LATE.isoformat()}})
        headers, body = self.site.announce("jira:issue_updated", key)
        told = orjson.dumps({"headers": headers, "body": body.decode()})
        await Response(told, media_type="application/json")(scope, receive, send)


def application(kind: str, count: int, delay: float) -> ASGIApp:
    if kind == "jira":
        from connectors.jira import simulator

        site = simulator.JiraSite(
            flavour="cloud",
            projects={"ONL": "Online"},
            issues=data.jira_issues(count),
            email=EMAIL,
            token=TOKEN,
            webhook=("http://127.0.0.1/", SECRET),
        )
        return Late(simulator.application(site), site, delay)
    from connectors.github import simulator as github

    host = github.GitHubHost(repositories={"acme/web": data.github_issues(count)}, token=TOKEN)
    return Late(github.application(host), host, delay)


if __name__ == "__main__":
    kind, count, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    delay = float(sys.argv[4]) if len(sys.argv) > 4 else 0.0
    uvicorn.run(application(kind, count, delay), port=port, log_level="error", access_log=False)
