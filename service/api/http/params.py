"""What may stand in an address. Unknown parameters are refused, so that a misspelt filter is noticed."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Header, Path

from service.api.http.problems import Problem, invalid

Text = Annotated[str, Query(min_length=1, max_length=300)]
_ELSEWHERE = (Header, Path)
Words = Annotated[list[Text], Query(max_length=50)]


async def known_parameters(request: Request) -> None:
    """A dependency of every route: 422 for parameters it does not have, and for text no database takes."""
    if "\0" in request.url.path or any("\0" in str(value) for value in request.path_params.values()):
        raise Problem(404, "Not found", "An address holds no NUL characters.")
    if not request.scope["query_string"]:
        return
    allowed = _allowed(request.scope["route"].dependant)
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


def _allowed(route: Dependant) -> tuple[str, ...]:
    """The query parameters that the route takes, alone or as the fields of a model."""
    return tuple(one.alias for one in get_flat_params(route) if not isinstance(one.field_info, _ELSEWHERE))
