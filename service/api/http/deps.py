"""What endpoints are given."""

from typing import Annotated, cast

from fastapi import Depends, Request

from service.flow.context import Context


def get_context(request: Request) -> Context:
    return cast(Context, request.app.state.context)


InContext = Annotated[Context, Depends(get_context)]
