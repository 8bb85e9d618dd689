"""What may stand in an address. Unknown parameters are refused, so that a misspelt filter is noticed."""

from functools import cache
from typing import Annotated

from fastapi import FastAPI, Query, Request

from service.api.problems import Problem, invalid

Text = Annotated[str, Query(min_length=1, max_length=300)]
Words = Annotated[list[Text], Query(max_length=50)]


async def known_parameters(request: Request) -> None:
    """A dependency of every route: 422 for parameters it does not have, and for text no database takes."""
    if "\0" in request.url.path or any("\0" in str(value) for value in request.path_params.values()):
        raise Problem(404, "Not found", "An address holds no NUL characters.")
    if not request.scope["query_string"]:
        return
    allowed = _allowed(request.app, request.scope["route"].path, request.method.lower())
    errors = [
        {"field": name, "message": f"unknown parameter; allowed here: {', '.join(allowed) or 'none'}"}
        for name in dict.fromkeys(request.query_params.keys())
        if name not in allowed
    ]
    errors += [
        {"field": name, "message": "NUL characters are not allowed"}
        for name, value in request.query_params.multi_items()
        if "\0" in value
    ]
    if errors:
        raise invalid(errors)


@cache
def _allowed(app: FastAPI, path: str, method: str) -> tuple[str, ...]:
    """The query parameters that the API's own description names."""
    operation = app.openapi()["paths"].get(path, {}).get(method, {})
    return tuple(one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
