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

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger()


class Problem(Exception):
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


def not_found(what: str) -> Problem:
    return Problem(404, "Not found", f"There is no such {what}.")


def _printable(text: str) -> str:
    """Lone surrogates, which JSON bodies can carry, have no UTF-8."""
    return text.encode("utf-8", "replace").decode()


def invalid(errors: Sequence[Mapping[str, str]]) -> Problem:
    return Problem(422, "Invalid request", "Some of what was sent cannot be used; see errors.", errors)


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)  # noqa: S101 registered for this class only
    return response(error)


async def _on_invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 registered for this class only
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return response(Problem(400, "Malformed body", "The body is not valid JSON."))
    return response(invalid([{"field": _field(one["loc"]), "message": one["msg"]} for one in found]))


def _field(location: Sequence[str | int]) -> str:
    """``("query", "limit")`` → ``limit``; ``("body", "pins", 3)`` → ``pins.3``; a whole body → ``body``."""
    return ".".join(str(part) for part in location[1:]) or str(location[0])


async def _on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 registered for this class only
    title = HTTPStatus(error.status_code).phrase
    detail = None if error.detail == title else str(error.detail)
    return response(Problem(error.status_code, title, detail, headers=error.headers))


async def _on_anything(request: Request, error: Exception) -> Response:
    route = request.scope.get("route")
    log.error("request.failed", route=getattr(route, "path", None), method=request.method, exc_info=error)
    return response(Problem(500, "Internal error", "The server failed; its log says how."))


def install(app: FastAPI) -> None:
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_anything)
