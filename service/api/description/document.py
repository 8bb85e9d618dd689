"""The API's description: what FastAPI cannot know by itself is added here."""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from service.api.description import outgoing
from service.api.description.examples import EXAMPLES
from service.api.http.problems import MEDIA_TYPE
from service.api.models.base import ProblemBody

DESCRIPTION = """\
One plan over several teams' Jira and GitHub projects: the overarching backlog, the conflicts between \
the teams' plans, and their Definitions of Done side by side.

- **Lists** are `{"items": […], "next": CURSOR|null}`, with `limit` (1–500) and `cursor`, and a `Link` header.
- **Times** are RFC 3339 in UTC, **dates** `YYYY-MM-DD` in the product's time zone.
- **Errors** are `application/problem+json` (RFC 9457); `errors` names the fields. Unknown parameters are 422.
- **`ETag`** and `If-None-Match`: a `GET` that would say the same again answers 304.
- **`Idempotency-Key`** on a `POST`: the same answer for 24 hours.
- **Roles** of tokens: `viewer` reads; `po` also acts for its teams; `chief_po` for all, and pins the order; \
`admin` also syncs and makes tokens.
"""

_OPEN = ("/healthz", "/readyz", "/metrics", "/v1/inbound/")
_PROBLEMS: Mapping[str, str] = {
    "400": "A broken cursor or body",
    "401": "No token, or one that is unknown or revoked",
    "403": "The token's role or teams do not allow it",
    "404": "There is none, or it is another's",
    "422": "Parameters or fields that cannot be used; `errors` names them",
}


def install(app: FastAPI) -> None:
    """``/openapi.json`` serves what ``attune openapi`` prints."""
    outgoing.describe(app)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _described(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        app.openapi_schema = _complete(
            get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                webhooks=app.webhooks.routes,
            )
        )
    return app.openapi_schema


def _complete(schema_document: dict[str, Any]) -> dict[str, Any]:
    components = schema_document["components"]
    schemas = components["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(schemas["Problem"].pop("$defs", {}))
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "`att_…`, from `attune token create`"}
    }
    for schema in schemas.values():
        if "examples" in schema:
            schema["examples"] = [_with_nulls(schema, one) for one in schema["examples"]]
    for name, example in EXAMPLES.items():
        schemas[name]["examples"] = [example]
    for path, method, operation in _operations(schema_document["paths"]):
        _secure(path, operation)
        _add_problems(path, method, operation)
    for _, _, operation in _operations(schema_document["webhooks"]):
        operation["responses"] = {"2XX": {"description": "Delivered"}, "410": {"description": "No more"}}
    return schema_document


def _with_nulls(schema: Mapping[str, Any], example: Any) -> Any:
    """FastAPI drops what is null from examples too."""
    return dict.fromkeys(schema.get("required", ())) | example if isinstance(example, dict) else example


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in paths.items():
        for method, operation in methods.items():
            yield path, method, operation


def _secure(path: str, operation: dict[str, Any]) -> None:
    operation["security"] = [] if path.startswith(_OPEN) else [{"token": []}]


def _add_problems(path: str, method: str, operation: dict[str, Any]) -> None:
    """Every answer an operation may give besides what it declares itself."""
    is_open = path.startswith(_OPEN)
    wanted = {status: text for status, text in _PROBLEMS.items() if not is_open or status == "422"}
    if path.startswith("/v1/inbound/"):
        wanted = dict(_PROBLEMS)
    if method != "get":
        wanted["409"] = "Not in this state"
    if method in ("post", "put", "patch"):
        wanted["413"] = "The body is too large"
    if method == "get" and not is_open:
        operation["responses"]["304"] = {"description": "Nothing changed since the ETag of `If-None-Match`"}
    for status, text in wanted.items():
        operation["responses"][status] = {
            "description": text,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
