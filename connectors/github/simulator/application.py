"""A simulated GitHub over HTTP: GraphQL and REST, on github.com's paths and Enterprise Server's."""

import time
from functools import lru_cache
from typing import Any

import orjson
from graphql import DocumentNode, GraphQLError, GraphQLSchema, execute, parse, validate
from graphql.execution import ExecutionResult
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.github.simulator import rest
from connectors.github.simulator.graph import root
from connectors.github.simulator.host import Fault, GitHubHost
from connectors.github.simulator.sdl import schema

_LOGIN = "<!DOCTYPE html><html><head><title>Sign in to GitHub</title></head><body></body></html>"
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
        ("/repos/{owner}/{name}/milestones", door.milestones),
    ]
    routes = [Route(prefix + path, answer) for prefix in _PREFIXES for path, answer in read]
    token = "/app/installations/{installation}/access_tokens"  # noqa: S105 - a path
    routes += [Route(prefix + token, door.installation_token, methods=["POST"]) for prefix in _PREFIXES]
    routes += [Route(path, door.graphql, methods=["POST"]) for path in ("/graphql", "/api/graphql")]
    return Starlette(routes=routes)


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    limits = {"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999", "x-ratelimit-used": "1"}
    limits["x-ratelimit-reset"] = str(int(time.time()) + 3600)
    return Response(content, status, {**limits, **(headers or {})}, media_type="application/json")


def _problem(status: int, message: str) -> Response:
    return _json({"message": message, "documentation_url": "https://docs.github.com/rest"}, status)


class _Door:
    def __init__(self, host: GitHubHost) -> None:
        self.host = host
        self.answers: dict[tuple[int, bytes], bytes] = {}

    def refuse(self, request: Request) -> Response | None:
        """What comes before any answer: the fault that is due, the credential."""
        host = self.host
        host.url = host.url or str(request.base_url).rstrip("/")
        path = request.url.path
        host.requests.append((request.method, f"{path}?{request.url.query}" if request.url.query else path))
        due = host.faults[0] if host.faults else None
        if due and due.path in path and due.kind not in ("partial", "cut"):
            return _gone_wrong(host.faults.popleft())
        given = request.headers.get("authorization", "").partition(" ")[2]
        return _problem(401, "Bad credentials") if host.token and given != host.token else None

    def spoil(self, body: bytes) -> bytes:
        """The body, or the broken one that is due."""
        due = self.host.faults[0].kind if self.host.faults else None
        if due == "cut":
            self.host.faults.popleft()
            return body[: len(body) // 2]
        if due == "partial" and b'"nodes"' in body:
            self.host.faults.popleft()
            return _partial(body)
        return body

    async def graphql(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        if not self.host.graphql:
            return _problem(404, "Not Found")
        asked = await request.body()
        key = (self.host.version, asked)
        answer = self.answers.get(key)
        if answer is None:
            answer = self.render(orjson.loads(asked))
            if len(self.answers) >= _KEPT:
                self.answers.clear()
            self.answers[key] = answer
        if not answer:
            return _problem(502, "Something went wrong while executing your query.")
        return _json(self.spoil(answer))

    def render(self, asked: dict[str, Any]) -> bytes:
        """The answer as JSON; empty when the query is too heavy."""
        variables = asked.get("variables") or {}
        if variables.get("first", 0) > self.host.page_limit:
            return b""
        served = schema(self.host.enterprise_version)
        try:
            document, errors = _checked(served, asked["query"])
        except GraphQLError as wrong:
            return orjson.dumps({"errors": [_error(wrong)]})
        if errors:
            return orjson.dumps({"errors": [_error(one) for one in errors]})
        found = execute(served, document, root(self.host), variable_values=variables)
        if not isinstance(found, ExecutionResult):
            raise TypeError("the simulator's resolvers are synchronous")
        shown: dict[str, Any] = {"data": found.data}
        if found.errors:
            shown["errors"] = [_error(one) for one in found.errors]
        return orjson.dumps(shown)

    async def installation_token(self, request: Request) -> Response:
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3600))
        permissions = {"issues": "read", "metadata": "read"}
        return _json({"token": self.host.token or "", "expires_at": expires, "permissions": permissions}, 201)

    async def user(self, request: Request) -> Response:
        return self.refuse(request) or _json(self.spoil(orjson.dumps(rest.rest_account(self.host))))

    def named(self, request: Request) -> str | None:
        wanted = f"{request.path_params['owner']}/{request.path_params['name']}".lower()
        return next((name for name in self.host.repositories if name.lower() == wanted), None)

    async def repository(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name = self.named(request)
        return _json(rest.rest_repository(self.host, name)) if name else _problem(404, "Not Found")

    async def issue(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name = self.named(request)
        found = self.host.find(name, request.path_params["number"]) if name else None
        return _json(rest.rest_issue(self.host, found)) if found else _problem(404, "Not Found")

    async def milestones(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name = self.named(request)
        if name is None:
            return _problem(404, "Not Found")
        return _json([rest.rest_milestone(self.host, name, one) for one in self.host.milestones_of(name)])

    async def issues(self, request: Request) -> Response:
        if refused := self.refuse(request):
            return refused
        name = self.named(request)
        if name is None:
            return _problem(404, "Not Found")
        asked = request.query_params
        state, since = asked.get("state", "open"), asked.get("since", "")
        rows = [one for one in self.host.issues(name) if one["updated_at"] >= since]
        rows = [one for one in rows if state in ("all", one["state"])]
        size, page = min(int(asked.get("per_page", 30)), 100), int(asked.get("page", 1))
        shown = [rest.rest_issue(self.host, one) for one in rows[(page - 1) * size : page * size]]
        headers = {}
        if page * size < len(rows):
            following = request.url.include_query_params(page=page + 1)
            headers["link"] = f'<{following}>; rel="next"'
        return _json(self.spoil(orjson.dumps(shown)), headers=headers)


@lru_cache(maxsize=200)
def _checked(served: GraphQLSchema, query: str) -> tuple[DocumentNode, list[GraphQLError]]:
    document = parse(query)
    return document, validate(served, document)


def _error(wrong: GraphQLError) -> dict[str, Any]:
    shown: dict[str, Any] = {"message": wrong.message, **(wrong.extensions or {})}
    if wrong.path:
        shown["path"] = wrong.path
    if wrong.locations:
        shown["locations"] = [{"line": one.line, "column": one.column} for one in wrong.locations]
    return shown


def _gone_wrong(fault: Fault) -> Response:
    if fault.kind == "html":
        return Response(_LOGIN, media_type="text/html")
    if fault.kind == "limited":
        wrong = {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}
        return _json({"errors": [wrong]}, headers=dict(fault.headers))
    if fault.kind == "redirect":
        return Response(status_code=302, headers={"location": "http://127.0.0.2:9/", **fault.headers})
    return _json({"message": fault.message}, fault.status, dict(fault.headers))


def _partial(body: bytes) -> bytes:
    """Half of the first list of nodes null, and an error that says so."""
    answer = orjson.loads(body)
    nodes = ((answer["data"].get("repository") or {}).get("issues") or {}).get("nodes") or []
    for place in range(len(nodes) // 2, len(nodes)):
        nodes[place] = None
    answer["errors"] = [{"message": "Something went wrong while executing your query."}]
    return orjson.dumps(answer)
