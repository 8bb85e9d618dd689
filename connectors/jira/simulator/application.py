"""The site over HTTP: the endpoints of Jira's REST API that read a backlog, with Jira's manners."""

import base64
import hmac
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from connectors.jira.simulator.faults import show
from connectors.jira.simulator.jql import QueryError
from connectors.jira.simulator.native import moment
from connectors.jira.simulator.site import JiraSite

Handler = Callable[[JiraSite, Request], Awaitable[Response]]
_FIRST_PROJECT = 10000
_VERSION = {"cloud": "1001.0.0-SNAPSHOT", "datacenter": "10.3.0"}


def application(site: JiraSite) -> ASGIApp:
    """The ASGI application that serves ``site`` at its root."""
    routes = [
        Route("/rest/api/{version}" + path, _bound(site, handler), methods=methods)
        for path, (handler, methods) in _ROUTES.items()
    ]
    missing = Route("/{path:path}", _bound(site, _not_found))
    return _Door(site, Starlette(routes=[*routes, missing]))


class _Door:
    """Logs requests, shows faults and checks who is asking, before anything is routed."""

    def __init__(self, site: JiraSite, inner: ASGIApp) -> None:
        self.site, self.inner = site, inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        request = Request(scope)
        self.site.requests.append((request.method, request.url.path, request.url.query))
        self.site.url = self.site.url or f"{request.url.scheme}://{request.url.netloc}"
        answer = self.inner if _is_known(self.site, request) else _unauthorized()
        fault = next((one for one in self.site.faults if one.path in request.url.path), None)
        if fault is None:
            await answer(scope, receive, send)
            return
        self.site.faults.remove(fault)
        await show(fault, answer, scope, receive, send)


def _is_known(site: JiraSite, request: Request) -> bool:
    """serverInfo answers anyone; a search without credentials is anonymous and finds nothing."""
    header = request.headers.get("authorization", "")
    if _is_open(site) or request.url.path.endswith("/serverInfo"):
        return True
    if not header:
        return "/search" in request.url.path
    return hmac.compare_digest(header.encode(), _expected(site).encode())


def _is_open(site: JiraSite) -> bool:
    return site.token is None and site.email is None and site.username is None


def _expected(site: JiraSite) -> str:
    if site.flavour == "datacenter" and site.username is None:
        return f"Bearer {site.token}"
    who = f"{site.email}:{site.token}" if site.flavour == "cloud" else f"{site.username}:{site.password}"
    return "Basic " + base64.b64encode(who.encode()).decode()


def _bound(site: JiraSite, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await handler(site, request)

    return endpoint


def _json(value: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


def _error(status: int, *messages: str) -> Response:
    return _json({"errorMessages": list(messages), "errors": {}}, status)


def _unauthorized() -> Response:
    return _error(401, "Client must be authenticated to access this resource.")


async def _not_found(site: JiraSite, request: Request) -> Response:
    return _error(404, "Oops, you've found a dead link.")


async def _server_info(site: JiraSite, request: Request) -> Response:
    cloud = site.flavour == "cloud"
    version = _VERSION[site.flavour]
    found: dict[str, Any] = {
        "baseUrl": site.url,
        "version": version,
        "versionNumbers": [int(part) for part in version.partition("-")[0].split(".")],
        "deploymentType": "Cloud" if cloud else "Server",
        "buildNumber": 100300,
        "serverTime": moment(site.clock()),
        "serverTitle": "Jira",
    }
    return _json(found)


async def _myself(site: JiraSite, request: Request) -> Response:
    name = site.email or site.username or "attune"
    shown = {"self": f"{site.url}/rest/api/2/myself", "displayName": name, "active": True}
    identity = {"accountId": "712020:attune"} if site.flavour == "cloud" else {"name": name, "key": name}
    return _json({**shown, **identity, "timeZone": site.account_timezone})


async def _fields(site: JiraSite, request: Request) -> Response:
    return _json([dict(one) for one in site.fields])


async def _project(site: JiraSite, request: Request) -> Response:
    key = request.path_params["key"]
    if key not in site.projects:
        return _error(404, f"No project could be found with key '{key}'.")
    found = {"self": f"{site.url}/rest/api/2/project/{key}", "key": key, "name": site.projects[key]}
    return _json({**found, "id": str(list(site.projects).index(key) + _FIRST_PROJECT)})


async def _token_search(site: JiraSite, request: Request) -> Response:
    """Cloud: pages by token over the result as it was when its first page was read."""
    if site.flavour != "cloud":
        return await _not_found(site, request)
    asked = await _asked(request)
    if _is_anonymous(site, request):
        return _json({"issues": [], "isLast": True})
    try:
        found, at = site.page_after(asked.get("nextPageToken") or "", asked.get("jql") or "")
    except QueryError as error:
        return _error(400, str(error))
    size = min(int(asked.get("maxResults") or 50), site.page_cap)
    wanted = _wanted(asked, default=("id",))
    bodies = b",".join(site.render(one, wanted) for one in found[at : at + size] if site.holds(one))
    if at + size >= len(found):
        return _body(b'{"issues":[' + bodies + b'],"isLast":true}')
    token = orjson.dumps(site.token_for(found, at + size))
    return _body(b'{"issues":[' + bodies + b'],"isLast":false,"nextPageToken":' + token + b"}")


async def _search(site: JiraSite, request: Request) -> Response:
    """Data Center: pages by position in the result as it is now."""
    if site.flavour == "cloud":
        return _error(
            410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
        )
    asked = await _asked(request)
    try:
        found = [] if _is_anonymous(site, request) else site.search(asked.get("jql") or "")
    except QueryError as error:
        return _error(400, str(error))
    at = int(asked.get("startAt") or 0)
    size = min(int(asked.get("maxResults") or 50), site.page_cap)
    wanted = _wanted(asked, default=("*navigable",))
    bodies = b",".join(site.render(one, wanted) for one in found[at : at + size])
    head = orjson.dumps({"startAt": at, "maxResults": size, "total": len(found)})[:-1]
    return _body(head + b',"issues":[' + bodies + b"]}")


def _body(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _is_anonymous(site: JiraSite, request: Request) -> bool:
    return not _is_open(site) and "authorization" not in request.headers


async def _count(site: JiraSite, request: Request) -> Response:
    try:
        return _json({"count": len(site.search((await _asked(request)).get("jql") or ""))})
    except QueryError as error:
        return _error(400, str(error))


async def _asked(request: Request) -> dict[str, Any]:
    if request.method == "POST":
        return dict(orjson.loads(await request.body()))
    query = request.query_params
    return {**query, "fields": [part for one in query.getlist("fields") for part in one.split(",")]}


def _wanted(asked: dict[str, Any], default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(asked.get("fields") or default)


async def _issue(site: JiraSite, request: Request) -> Response:
    found = site.find(request.path_params["key"])
    if found is None:
        return _missing()
    return _body(site.render(int(found["id"]), _wanted(await _asked(request), ("*all",))))


def _missing() -> Response:
    return _error(404, "Issue does not exist or you do not have permission to see it.")


async def _bulk_fetch(site: JiraSite, request: Request) -> Response:
    if site.flavour != "cloud":
        return await _not_found(site, request)
    asked = await _asked(request)
    named = [str(one) for one in asked["issueIdsOrKeys"]]
    if len(named) > 100:
        return _error(400, "The number of issues requested exceeds the limit of 100.")
    found = [(name, site.find(name)) for name in named]
    wanted = _wanted(asked, ("*all",))
    bodies = b",".join(site.render(int(one["id"]), wanted) for _, one in found if one)
    errors = [
        {"id": name, "errorMessage": "Issue does not exist or you do not have permission to see it."}
        for name, one in found
        if one is None
    ]
    return _body(b'{"issueErrors":' + orjson.dumps(errors) + b',"issues":[' + bodies + b"]}")


async def _remote_links(site: JiraSite, request: Request) -> Response:
    found = site.find(request.path_params["key"])
    if found is None:
        return _missing()
    base = f"{site.url}/rest/api/2/issue/{quote(found['key'])}/remotelink"
    return _json([{**one, "self": f"{base}/{one['id']}"} for one in site.remote_links.get(found["key"], ())])


_ROUTES: dict[str, tuple[Handler, list[str]]] = {
    "/serverInfo": (_server_info, ["GET"]),
    "/myself": (_myself, ["GET"]),
    "/field": (_fields, ["GET"]),
    "/project/{key}": (_project, ["GET"]),
    "/search/jql": (_token_search, ["GET", "POST"]),
    "/search/approximate-count": (_count, ["POST"]),
    "/search": (_search, ["GET", "POST"]),
    "/issue/bulkfetch": (_bulk_fetch, ["POST"]),
    "/issue/{key}": (_issue, ["GET"]),
    "/issue/{key}/remotelink": (_remote_links, ["GET"]),
}
