"""What may stand in an address. Unknown parameters are refused, so that a misspelt filter is noticed."""

from functools import cache
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.dependencies.utils import get_flat_dependant
from pydantic import BaseModel

from service.api.problems import Problem, invalid

Text = Annotated[str, Query(min_length=1, max_length=300)]
Words = Annotated[list[Text], Query(max_length=50)]


async def known_parameters(request: Request) -> None:
    """A dependency of every route: 422 for parameters it does not have, and for text no database takes."""
    if "\0" in request.url.path or any("\0" in str(value) for value in request.path_params.values()):
        raise Problem(404, "Not found", "An address holds no NUL characters.")
    if not request.scope["query_string"]:
        return
    allowed = _allowed(request.scope["route"])
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
def _allowed(route: Any) -> tuple[str, ...]:
    names: list[str] = []
    for parameter in get_flat_dependant(route.dependant).query_params:
        kind = parameter.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            names += [field.alias or name for name, field in kind.model_fields.items()]
        else:
            names.append(parameter.alias)
    return tuple(names)
