"""Lists: a page of items and an opaque cursor to the next one."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Query, Request, Response
from pydantic import BaseModel

from service.api.http.problems import Problem

Limit = Annotated[int, Query(ge=1, le=500, description="Items per page")]
Cursor = Annotated[str | None, Query(max_length=2000, description="`next` of the page before")]

DEFAULT_LIMIT = 100
NUMBER, TEXT, MOMENT = (int,), (str,), (int, float)

T = TypeVar("T")

_LARGEST = 2**63 - 1
_CHECK = 6  # bytes of checksum: a cursor cut short or edited is told from a right one


def encode_cursor(place: Mapping[str, Any]) -> str:
    body = orjson.dumps(place, option=orjson.OPT_SORT_KEYS)
    return base64.urlsafe_b64encode(_checksum(body) + body).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> dict[str, Any]:
    """What ``encode_cursor`` was given; raises Problem 400 for anything else."""
    try:
        packed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = orjson.loads(packed[_CHECK:])
    except (ValueError, binascii.Error):
        raise broken_cursor() from None
    if packed[:_CHECK] != _checksum(packed[_CHECK:]) or not isinstance(place, dict):
        raise broken_cursor()
    return place


def broken_cursor() -> Problem:
    return Problem(400, "Broken cursor", "Use `next` of a page as it is, with the same filters and sort.")


def place_of(cursor: str | None, kind: str, **fields: tuple[type, ...]) -> tuple[Any, ...] | None:
    """What a list of this ``kind`` goes on from, None for its beginning; 400 for another list's.

    ``fields`` and their types: whoever knows how cursors are made could write anything into one.
    """
    if cursor is None:
        return None
    place = decode_cursor(cursor)
    if place.get("of") != kind or not all(_is_sound(place.get(name), fields[name]) for name in fields):
        raise broken_cursor()
    return tuple(place[name] for name in fields)


def _is_sound(value: Any, types: tuple[type, ...]) -> bool:
    if not isinstance(value, types) or isinstance(value, bool):
        return False
    if isinstance(value, str):
        return "\0" not in value
    return not isinstance(value, int | float) or -_LARGEST <= value <= _LARGEST


def _checksum(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_CHECK, key=b"attune cursor").digest()


def page(items: Iterable[bytes], following: str | None) -> bytes:
    """``{"items": […], "next": …}`` of items that are JSON already."""
    return b'{"items":[%b],"next":%b}' % (b",".join(items), orjson.dumps(following))


def link_next(request: Request, response: Response, following: str | None) -> None:
    if following is not None:
        url = request.url.include_query_params(cursor=following)
        response.headers["link"] = f'<{url.path}?{url.query}>; rel="next"'


class PageQuery(BaseModel):
    """The parameters of every list."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor = None


def cut(
    query: PageQuery, kind: str, rows: Sequence[T], key: Callable[[int, T], tuple[float | str, ...]]
) -> tuple[Sequence[T], str | None]:
    """A page of a short list that was read whole, and the cursor of the next.

    ``key`` takes a row's number and the row; it grows along the list and stays as rows come and go.
    """
    place = place_of(query.cursor, kind, after=(list,))
    keyed = [(key(number, row), row) for number, row in enumerate(rows)]
    if place is not None:
        keyed = [one for one in keyed if _is_after(one[0], place[0])]
    shown = keyed[: query.limit]
    more = len(keyed) > query.limit
    following = encode_cursor({"of": kind, "after": shown[-1][0]}) if more else None
    return [row for _, row in shown], following


def _is_after(key: tuple[float | str, ...], after: list[Any]) -> bool:
    try:
        return list(key) > after
    except TypeError:
        raise broken_cursor() from None


def by_number(number: int, _row: object) -> tuple[float | str, ...]:
    """For lists whose order is the product file's."""
    return (number,)
