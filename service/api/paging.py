"""Lists: a page of items and an opaque cursor to the next one."""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import orjson
from fastapi import Query, Request, Response

from service.api.problems import Problem

Limit = Annotated[int, Query(ge=1, le=500, description="Items per page")]
Cursor = Annotated[str | None, Query(max_length=2000, description="`next` of the page before")]

DEFAULT_LIMIT = 100
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


def place_of(cursor: str | None, kind: str, *fields: str) -> dict[str, Any] | None:
    """The place a list of this ``kind`` goes on from, None for its beginning; 400 for another list's."""
    if cursor is None:
        return None
    place = decode_cursor(cursor)
    if place.get("of") != kind or any(field not in place for field in fields):
        raise broken_cursor()
    return place


def _checksum(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=_CHECK, key=b"attune cursor").digest()


def page(items: Iterable[bytes], following: str | None) -> bytes:
    """``{"items": […], "next": …}`` of items that are JSON already."""
    return b'{"items":[%b],"next":%b}' % (b",".join(items), orjson.dumps(following))


def link_next(request: Request, response: Response, following: str | None) -> None:
    if following is not None:
        url = request.url.include_query_params(cursor=following)
        response.headers["link"] = f'<{url.path}?{url.query}>; rel="next"'
