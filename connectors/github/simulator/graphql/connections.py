"""Connections as GitHub pages them: up to 100 at a time, from an opaque cursor."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError

Node = dict[str, Any]


def page_info(more: bool, end: str | None) -> Node:
    return {"hasNextPage": more, "endCursor": end, "hasPreviousPage": False, "startCursor": None}


def cursor(text: str) -> str:
    return base64.b64encode(f"cursor:v2:{text}".encode()).decode()


def read(given: str) -> str:
    try:
        text = base64.b64decode(given, validate=True).decode()
    except ValueError:
        text = ""
    if not text.startswith("cursor:v2:"):
        raise GraphQLError(
            f"`{given}` does not appear to be a valid cursor.",
            extensions={"type": "INVALID_CURSOR_ARGUMENTS"},
        )
    return text.removeprefix("cursor:v2:")


def seen(given: str) -> tuple[str, int]:
    updated, _, number = read(given).partition("|")
    return updated, int(number)


def bounded(first: int | None) -> int:
    if first is None or not 1 <= first <= 100:
        raise GraphQLError("You must provide a `first` value between 1 and 100 on this connection.")
    return first


def connected(rows: Callable[[], Sequence[Any]], total: int | None = None) -> Callable[..., Node]:
    """A connection over rows; its cursors count them."""

    def resolve(info: Any, first: int | None = None, after: str | None = None, **_: Any) -> Node:
        found = rows()
        begin = int(read(after)) if after else 0
        page = found[begin : begin + bounded(first)]
        end = begin + len(page)
        return {
            "totalCount": len(found) if total is None else total,
            "nodes": list(page),
            "pageInfo": page_info(end < len(found), cursor(str(end)) if page else None),
        }

    return resolve
