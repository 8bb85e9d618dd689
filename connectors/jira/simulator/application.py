"""The site over HTTP: the endpoints of Jira's REST API that read a backlog, with Jira's manners."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from connectors.jira.simulator.door import Door, is_open, json, refusal
from connectors.jira.simulator.jql import QueryError
from connectors.jira.simulator.native import moment
from connectors.jira.simulator.site import JiraSite

Handler = Callable[[JiraSite, Request], Awaitable[Response]]
_VERSION = {"cloud": "1001.0.0-SNAPSHOT", "datacenter": "10.3.0"}


def application(site: JiraSite) -> ASGIApp:
    """The ASGI application that serves ``site`` at its root."""
    routes = [
        Route("/rest/api/{version}" + path, _bound(site, handler), methods=methods)
        for path, (handler, methods) in _ROUTES.items()
    ]
    missing = Route("/{path:path}", _bound(site, _not_found))
    return Door(site, Starlette(routes=[*routes, missing]))


def _bound(site: JiraSite, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await handler(site, request)

    return endpoint


async def _not_found(site: JiraSite, request: Request) -> Response:
    return refusal(404, "Oops, you've found a dead link.")


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
    return json(found)


async def _myself(site: JiraSite, request: Request) -> Response:
    name = site.email or site.username or "attune"
    shown = {"self": f"{site.url}/rest/api/2/myself", "displayName": name, "active": True}
    identity = {"accountId": "712020:attune"} if site.flavour == "cloud" else {"name": name, "key": name}
    return json({**shown, **identity, "timeZone": site.account_timezone})


async def _fields(site: JiraSite, request: Request) -> Response:
    return json([dict(one) for one in site.fields])


async def _statuses(site: JiraSite, request: Request) -> Response:
    return json(site.all_statuses())


async def _project(site: JiraSite, request: Request) -> Response:
    """Under any of its keys, as Jira finds a project whose key was changed."""
    asked = request.path_params["key"]
    key = site.present_key(asked)
    if key not in site.projects:
        return refusal(404, f"No project could be found with key '{asked}'.")
    project = {"self": f"{site.url}/rest/api/2/project/{key}", "key": key, "name": site.projects[key]}
    project["id"] = site.project_id(key)
    if request.query_params.get("expand") == "projectKeys":
        return json({**project, "projectKeys": [key, *site.former_keys_of(key)]})
    return json(project)


async def _token_search(site: JiraSite, request: Request) -> Response:
    """Cloud: pages by token over the result as it was when its first page was read."""
    if site.flavour != "cloud":
        return await _not_found(site, request)
    asked = await _asked(site, request)
    if _is_too_much(site, int(asked.get("maxResults") or 50)):
        return _gives_up()
    if _is_anonymous(site, request):
        return json({"issues": [], "isLast": True})
    site.reconcile(int(one) for one in asked.get("reconcileIssues") or ())
    try:
        found, at = site.page_after(asked.get("nextPageToken") or "", asked.get("jql") or "")
    except QueryError as error:
        return refusal(400, str(error))
    wanted = _wanted(asked, default=("id",))
    cap = site.ids_cap if wanted == ("id",) else site.page_cap
    size = min(int(asked.get("maxResults") or 50), cap)
    bodies = b",".join(site.render(one, wanted) for one in found[at : at + size] if site.holds(one))
    if at + size >= len(found):
        return _body(b'{"issues":[' + bodies + b'],"isLast":true}')
    token = orjson.dumps(site.token_for(found, at + size))
    return _body(b'{"issues":[' + bodies + b'],"isLast":false,"nextPageToken":' + token + b"}")


async def _search(site: JiraSite, request: Request) -> Response:
    """Data Center: pages by position in the result as it is now."""
    if site.flavour == "cloud":
        return refusal(
            410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API."
        )
    asked = await _asked(site, request)
    if _is_too_much(site, int(asked.get("maxResults", 50))):
        return _gives_up()
    try:
        found = [] if _is_anonymous(site, request) else site.search(asked.get("jql") or "")
    except QueryError as error:
        return refusal(400, str(error))
    at = int(asked.get("startAt") or 0)
    size = min(int(asked.get("maxResults", 50)), site.page_cap)
    if site.result_limit is not None and at + size > site.result_limit:
        return refusal(400, f"No more than {site.result_limit} results can be read.")
    if "changelog" in (asked.get("expand") or ()) and site.has_broken_history(found[at : at + size]):
        return refusal(500, "Internal server error")
    wanted = _wanted(asked, default=("*navigable",))
    bodies = b",".join(_shown(site, one, wanted, asked) for one in found[at : at + size])
    head = orjson.dumps({"startAt": at, "maxResults": size, "total": len(found)})[:-1]
    return _body(head + b',"issues":[' + bodies + b"]}")


def _shown(site: JiraSite, number: int, wanted: tuple[str, ...], asked: dict[str, Any]) -> bytes:
    body = site.render(number, wanted)
    if "changelog" not in (asked.get("expand") or ()):
        return body
    histories = site.histories(number)
    told = {"startAt": 0, "maxResults": len(histories), "total": len(histories), "histories": histories}
    return body[:-1] + b',"changelog":' + orjson.dumps(told) + b"}"


def _body(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _is_anonymous(site: JiraSite, request: Request) -> bool:
    return not is_open(site) and "authorization" not in request.headers


async def _count(site: JiraSite, request: Request) -> Response:
    try:
        return json({"count": len(site.search((await _asked(site, request)).get("jql") or ""))})
    except QueryError as error:
        return refusal(400, str(error))


def _is_too_much(site: JiraSite, rows: int) -> bool:
    return site.most_rows is not None and rows > site.most_rows


def _gives_up() -> Response:
    return refusal(502, "Bad Gateway")


async def _asked(site: JiraSite, request: Request) -> dict[str, Any]:
    if request.method == "POST":
        body = await request.body()
        site.sent.append((request.url.path, body))
        return dict(orjson.loads(body))
    query = request.query_params
    listed = {name: _parts(query.getlist(name)) for name in ("fields", "expand", "reconcileIssues")}
    return {**query, **listed}


def _parts(values: Sequence[str]) -> list[str]:
    return [part for one in values for part in one.split(",")]


def _wanted(asked: dict[str, Any], default: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(asked.get("fields") or default)


async def _issue(site: JiraSite, request: Request) -> Response:
    found = site.find(request.path_params["key"])
    if found is None:
        return _missing()
    asked = await _asked(site, request)
    if "changelog" in (asked.get("expand") or ()) and site.has_broken_history([int(found["id"])]):
        return refusal(500, "Internal server error")
    return _body(_shown(site, int(found["id"]), _wanted(asked, ("*all",)), asked))


def _missing() -> Response:
    return refusal(404, "Issue does not exist or you do not have permission to see it.")


async def _bulk_fetch(site: JiraSite, request: Request) -> Response:
    """Cloud: under present keys and by id; what is not there or hidden is left out without a word."""
    if site.flavour != "cloud":
        return await _not_found(site, request)
    asked = await _asked(site, request)
    named = [str(one) for one in asked["issueIdsOrKeys"]]
    if _is_too_much(site, len(named)):
        return _gives_up()
    if len(named) > 100:
        return refusal(400, "The number of issues requested exceeds the limit of 100.")
    numbers = sorted({int(one["id"]) for name in named if (one := site.find(name))})
    bodies = b",".join(site.render(number, _wanted(asked, ("*all",))) for number in numbers)
    return _body(b'{"issueErrors":[],"issues":[' + bodies + b"]}")


async def _changelogs(site: JiraSite, request: Request) -> Response:
    """Cloud: the changes of many issues, the oldest first, ``maxResults`` of them at a time."""
    if site.flavour != "cloud":
        return await _not_found(site, request)
    asked = await _asked(site, request)
    if len(asked["issueIdsOrKeys"]) > 1000 or len(asked.get("fieldIds") or ()) > 10:
        return refusal(400, "At most 1000 issues and 10 fields can be asked for.")
    found = [one for name in asked["issueIdsOrKeys"] if (one := site.find(str(name)))]
    if site.has_broken_history([int(one["id"]) for one in found]):
        return refusal(500, "Internal server error")
    told = [
        (one["created"], issue["id"], one)
        for issue in found
        for one in site.histories(int(issue["id"]), asked.get("fieldIds") or ())
    ]
    told.sort(key=lambda one: one[:2])
    at, size = int(asked.get("nextPageToken") or 0), int(asked.get("maxResults") or 1000)
    logs: dict[str, list[dict[str, Any]]] = {}
    for _, number, one in told[at : at + size]:
        logs.setdefault(number, []).append(one)
    answer: dict[str, Any] = {
        "issueChangeLogs": [{"issueId": one, "changeHistories": log} for one, log in logs.items()]
    }
    return json({**answer, "nextPageToken": str(at + size)} if at + size < len(told) else answer)


async def _remote_links(site: JiraSite, request: Request) -> Response:
    found = site.find(request.path_params["key"])
    if found is None:
        return _missing()
    base = f"{site.url}/rest/api/2/issue/{quote(found['key'])}/remotelink"
    return json([{**one, "self": f"{base}/{one['id']}"} for one in site.remote_links.get(found["key"], ())])


_ROUTES: dict[str, tuple[Handler, list[str]]] = {
    "/serverInfo": (_server_info, ["GET"]),
    "/myself": (_myself, ["GET"]),
    "/field": (_fields, ["GET"]),
    "/project/{key}": (_project, ["GET"]),
    "/status": (_statuses, ["GET"]),
    "/search/jql": (_token_search, ["GET", "POST"]),
    "/search/approximate-count": (_count, ["POST"]),
    "/search": (_search, ["GET", "POST"]),
    "/changelog/bulkfetch": (_changelogs, ["POST"]),
    "/issue/bulkfetch": (_bulk_fetch, ["POST"]),
    "/issue/{key}": (_issue, ["GET"]),
    "/issue/{key}/remotelink": (_remote_links, ["GET"]),
}
