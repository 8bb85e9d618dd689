"""Errors as RFC 9457 ``application/problem+json``: what went wrong and what to do about it, no traces."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from service.errors import AttuneError, NotFound
from service.store.database.engine import UnavailableError

MEDIA_TYPE = "application/problem+json"

_TITLES: Mapping[int, str] = {400: "Malformed body", 404: "Not found", 413: "Body too large"}
"""Where the standard library's words differ from ours, or between its versions."""

log = structlog.get_logger()


class Problem(AttuneError):
    """Raise it anywhere below an endpoint. ``errors`` are ``{"field", "message"}``, one per field."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str | None = None,
        errors: Sequence[Mapping[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors
        self.headers = headers


def response(problem: Problem) -> Response:
    body: dict[str, Any] = {
        "type": "urn:attune:problem:" + re.sub(r"[^a-z0-9]+", "-", problem.title.lower()).strip("-"),
        "title": problem.title,
        "status": problem.status,
    }
    if problem.detail:
        body["detail"] = _printable(problem.detail)
    if problem.errors:
        body["errors"] = [{key: _printable(text) for key, text in one.items()} for one in problem.errors]
    headers = {"cache-control": "no-store", **(problem.headers or {})}
    return Response(orjson.dumps(body), problem.status, headers, MEDIA_TYPE)


def _printable(text: str) -> str:
    """Lone surrogates, which JSON bodies can carry, have no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def invalid(errors: Sequence[Mapping[str, str]]) -> Problem:
    return Problem(422, "Invalid request", "Some of what was sent cannot be used; see errors.", errors)


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 registered for this class only
    return response(error)


async def _on_not_found(_request: Request, error: Exception) -> Response:
    assert isinstance(error, NotFound)  # noqa: S101 registered for this class only
    return response(_absent(error))


def _absent(error: NotFound) -> Problem:
    """What was asked for is not repeated: an answer holds no text that a stranger chose."""
    return Problem(404, "Not found", str(error))


async def _on_invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 registered for this class only
    errors = error.errors()
    if any(one["type"] == "json_invalid" for one in errors):
        return response(Problem(400, "Malformed body", "The body is not valid JSON."))
    return response(invalid([{"field": _field(one["loc"]), "message": one["msg"]} for one in errors]))


def _field(location: Sequence[str | int]) -> str:
    """``("query", "limit")`` → ``limit``; ``("body", "pins", 3)`` → ``pins.3``; a whole body → ``body``."""
    return ".".join(str(part) for part in location[1:]) or str(location[0])


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 registered for this class only
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return response(_of(error, {"allow": ", ".join(_methods(request))}))
    return response(_of(error, error.headers))


def _of(error: HTTPException, headers: Mapping[str, str] | None) -> Problem:
    phrase = HTTPStatus(error.status_code).phrase
    detail = None if error.detail == phrase else str(error.detail)
    return Problem(error.status_code, _TITLES.get(error.status_code, phrase), detail, None, headers)


def _methods(request: Request) -> list[str]:
    """Those that some route of this address takes; the framework names the first route's only."""
    routes = request.app.routes
    return [
        method
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        if any(
            route.matches({**request.scope, "method": "GET" if method == "HEAD" else method})[0] is Match.FULL
            for route in routes
        )
    ]


def of_failure(scope: Mapping[str, Any], error: Exception) -> Response:
    """For what no handler took: a problem raised outside the endpoints, or a fault of ours."""
    if isinstance(error, Problem):
        return response(error)
    if isinstance(error, NotFound):
        return response(_absent(error))
    if isinstance(error, HTTPException):
        return response(_of(error, error.headers))
    if isinstance(error, UnavailableError):
        log.warning("database.unavailable", method=scope["method"], exc_info=error)
        detail = "The database cannot take this now; nothing was changed. Try again in a moment."
        return response(Problem(503, "Unavailable", detail, headers={"retry-after": "5"}))
    route = getattr(scope.get("route"), "path", None)
    log.error("request.failed", route=route, method=scope["method"], exc_info=error)
    return response(Problem(500, "Internal error", "The server failed; its log says how."))


def install(app: FastAPI) -> None:
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(NotFound, _on_not_found)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
