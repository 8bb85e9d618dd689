"""A simulated GitHub over HTTP: GraphQL and REST, on github.com's paths and Enterprise Server's."""

import hashlib
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.github.simulator import rest
from connectors.github.simulator.answers import (
    AFTER,
    BEFORE,
    INSIDE,
    due,
    gone_wrong,
    json_answer,
    problem,
    rate_limited,
    spoilt,
    twisted,
)
from connectors.github.simulator.app_token import is_signed
from connectors.github.simulator.fault import Fault
from connectors.github.simulator.graphql.cost import cost_of_question
from connectors.github.simulator.graphql.render import HANGS, render
from connectors.github.simulator.host import GitHubHost

_KEPT = 4000  # answers
_PREFIXES = ("", "/api/v3")


def application(host: GitHubHost) -> Starlette:
    """An ASGI app; ``host`` may change while it is served."""
    door = _Door(host)
    read = [
        ("/user", door.user),
        ("/repos/{owner}/{name}", door.repository),
        ("/repos/{owner}/{name}/issues", door.issues),
        ("/repos/{owner}/{name}/issues/{number:int}", door.issue),
        ("/repos/{owner}/{name}/issues/{number:int}/dependencies/{kind}", door.dependencies),
        ("/repos/{owner}/{name}/milestones", door.milestones),
        ("/repos/{owner}/{name}/milestones/{number:int}", door.milestone),
    ]
    routes = [Route(prefix + path, answer) for prefix in _PREFIXES for path, answer in read]
    token = "/app/installations/{installation}/access_tokens"  # noqa: S105 - a path
    routes += [Route(prefix + token, door.installation_token, methods=["POST"]) for prefix in _PREFIXES]
    routes += [Route(path, door.graphql, methods=["POST"]) for path in ("/graphql", "/api/graphql")]
    return Starlette(routes=routes)


def _present_path(host: GitHubHost, path: str) -> str:
    """A path under a repository's older name leads to the same under its present one."""
    match = re.search(r"/repos/([^/]+/[^/]+)", path)
    name = host.present_name(match[1]) if match else ""
    is_moved = match is not None and name.lower() != match[1].lower()
    return path.replace(f"/repos/{match[1]}", f"/repos/{name}", 1) if match and is_moved else path


class _Door:
    def __init__(self, host: GitHubHost) -> None:
        self.host = host
        self.answers: dict[tuple[int, bytes], bytes] = {}

    def refuse(self, request: Request, asked: bytes = b"") -> Response | None:
        """What comes before any answer: the fault that is due, the credential."""
        host = self.host
        host.url = host.url or str(request.base_url).rstrip("/")
        path = request.url.path
        host.requests.append((request.method, f"{path}?{request.url.query}" if request.url.query else path))
        host.headers = request.headers
        if fault := due(host, path, asked, BEFORE):
            return gone_wrong(fault)
        if (there := _present_path(host, path)) != path:
            location = str(request.url.replace(path=there))
            return problem(host, 301, "Moved Permanently", {"location": location})
        given = request.headers.get("authorization", "").partition(" ")[2]
        if host.token and given != host.token and given not in host.installation_tokens:
            return problem(host, 401, "Bad credentials")
        if not path.endswith("/graphql") and host.points_used["core"] >= host.points_limit:
            return problem(host, 403, "API rate limit exceeded")
        return None

    def answer(
        self, request: Request, body: bytes, headers: dict[str, str] | None = None, asked: bytes = b""
    ) -> Response:
        """The body, broken as it is due; nothing when the reader has it already."""
        host = self.host
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers={"etag": tag})
        if fault := due(host, request.url.path, asked, AFTER):
            return spoilt(fault, body)
        for old, new in host.splices.items():
            body = body.replace(old, new)
        resource = "graphql" if request.url.path.endswith("/graphql") else "core"
        host.points_used[resource] += resource == "core"
        return json_answer(host, body, headers={"etag": tag, **(headers or {})}, resource=resource)

    async def graphql(self, request: Request) -> Response:
        asked = await request.body()
        if refused := self.refuse(request, asked):
            return refused
        if not self.host.graphql:
            return problem(self.host, 404, "Not Found")
        question = orjson.loads(asked)
        self.host.queries[question["query"]] += 1
        if not self.host.spend(cost_of_question(question)):
            return rate_limited(self.host)
        body = self.rendered(asked, question)
        if not body:
            return problem(self.host, 502, "Something went wrong while executing your query.")
        if body == HANGS:
            return gone_wrong(Fault("hang"))
        if b'"nodes"' in body and (fault := due(self.host, request.url.path, asked, INSIDE)):
            first = {**question["variables"], "after": None}
            body = twisted(fault, body, question, self.rendered(b"", {**question, "variables": first}))
        response = self.answer(request, body, asked=asked)
        if "etag" in response.headers:
            del response.headers["etag"]
        return response

    def rendered(self, asked: bytes, question: dict[str, Any]) -> bytes:
        """From memory when nothing changed since it was asked last."""
        key = (self.host.version, asked)
        found = self.answers.get(key) if asked else None
        if found is None:
            found = render(self.host, question)
            if len(self.answers) >= _KEPT:
                self.answers.clear()
            self.answers[key] = found
        return found

    async def installation_token(self, request: Request) -> Response:
        host = self.host
        host.requests.append((request.method, request.url.path))
        if fault := due(host, request.url.path, b"", BEFORE):
            return gone_wrong(fault)
        proof = request.headers.get("authorization", "").partition(" ")[2]
        if host.app_key and not is_signed(proof, host.app_key):
            return problem(host, 401, "A JSON web token could not be decoded")
        token = f"ghs_{len(host.requests)}" if host.app_key else host.token or ""
        host.installation_tokens.add(token)
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + host.token_life))
        permissions = {"issues": "read", "metadata": "read"}
        shown = {"token": token, "expires_at": expires, "permissions": permissions}
        return json_answer(host, orjson.dumps(shown), 201)

    async def user(self, request: Request) -> Response:
        return self.refuse(request) or self.answer(request, orjson.dumps(rest.rest_account(self.host)))

    def named(self, request: Request) -> str | None:
        wanted = f"{request.path_params['owner']}/{request.path_params['name']}".lower()
        return next((name for name in self.host.repositories if name.lower() == wanted), None)

    async def repository(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name = self.named(request)
        if name is None:
            return problem(self.host, 404, "Not Found")
        return self.answer(request, orjson.dumps(rest.rest_repository(self.host, name)))

    async def issue(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name, number = self.named(request), request.path_params["number"]
        if name is None:
            return problem(self.host, 404, "Not Found")
        if moved := self.host.moved.get((name, number)):
            path = request.url.path.removesuffix(f"/repos/{name}/issues/{number}")
            there = f"{path}/repos/{moved[0]}/issues/{moved[1]}"
            return problem(self.host, 301, "Moved Permanently", {"location": there})
        if (name, number) in self.host.gone:
            return problem(self.host, 410, "This issue was deleted")
        record = self.record(request, name, number)
        return self.answer(request, orjson.dumps(record)) if record else problem(self.host, 404, "Not Found")

    def record(self, request: Request, name: str, number: int) -> dict[str, Any] | None:
        if (name, number) in self.host.pull_requests:
            return rest.rest_pull_request(self.host, name, number)
        held = self.host.find(name, number)
        return self.shown(request, held) if held else None

    def shown(self, request: Request, one: Mapping[str, Any]) -> dict[str, Any]:
        found = rest.rest_issue(self.host, one)
        if request.headers.get("x-github-api-version", "") >= "2026":
            del found["assignee"]
        return found

    async def dependencies(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        host, name, number = self.host, self.named(request), request.path_params["number"]
        one = host.find(name, number) if name else None
        if one is None:
            return problem(host, 404, "Not Found")
        is_blocking = request.path_params["kind"] == "blocking"
        refs = host.blocking(one["repository"], number) if is_blocking else one["blocked_by"]
        return self.paged(request, [found for ref in refs if (found := host.find(*ref))])

    async def milestones(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name = self.named(request)
        if name is None:
            return problem(self.host, 404, "Not Found")
        held = self.host.milestones_of(name)
        return self.answer(request, orjson.dumps([rest.rest_milestone(self.host, name, one) for one in held]))

    async def milestone(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name, number = self.named(request), request.path_params["number"]
        held = self.host.milestones_of(name) if name else ()
        for one in held:
            if name and one["number"] == number:
                return self.answer(request, orjson.dumps(rest.rest_milestone(self.host, name, one)))
        return problem(self.host, 404, "Not Found")

    async def issues(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name = self.named(request)
        if name is None:
            return problem(self.host, 404, "Not Found")
        asked = request.query_params
        state, since = asked.get("state", "open"), asked.get("since", "")
        moment = "updated_at" if asked.get("sort") == "updated" else "created_at"
        rows = sorted(self.host.issues(name), key=lambda one: (one[moment], one["number"]))
        rows = [one for one in rows if one["updated_at"] >= since]
        rows = rows if asked.get("direction") == "asc" else rows[::-1]
        return self.paged(request, [one for one in rows if state in ("all", one["state"])])

    def paged(self, request: Request, rows: Sequence[Mapping[str, Any]]) -> Response:
        size = min(int(request.query_params.get("per_page", 30)), 100)
        if size > self.host.page_limit:
            return problem(self.host, 502, "Something went wrong.")
        page = int(request.query_params.get("page", 1))
        shown = [self.shown(request, one) for one in rows[(page - 1) * size : page * size]]
        headers = {}
        if page * size < len(rows):
            following = request.url.include_query_params(page=page + 1)
            headers["link"] = f'<{following}>; rel="next"'
        return self.answer(request, orjson.dumps(shown), headers)
