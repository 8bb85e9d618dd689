"""GitHub's JSON, however broken one of its records is. Pure.

``orjson`` reads what is well. Only when it cannot, a slower way finds out which record is to
blame: that one becomes ``{"id", "number", "unreadable": reason}`` and the others are kept.
"""

import json
import re
from typing import Any

import orjson

from connectors.contract import SourceError
from connectors.transport import Answer, Retry

DEEPEST = 100  # levels; GitHub's own answers have about 15
_LARGEST = 2**63 - 1
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)
_DEEP = b'"\\ue000too deeply nested\\ue000"'


class Unreadable(str):
    """Stands in the place of a value that cannot be kept; says why."""

    __slots__ = ()


def decode(answer: Answer) -> Any:
    """JSON without NUL and lone surrogates (they become U+FFFD).

    Raises SourceError for a page of HTML, Retry for JSON that ends too early.
    """
    body = answer.body
    if body.lstrip()[:1] == b"<":
        raise SourceError(
            "answer", "GitHub answered with a web page instead of data (a login page or a proxy?)"
        )
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return decode_leniently(body)
    return _clean(content) if b"\\u0000" in body else content


def decode_leniently(body: bytes) -> Any:
    if body.rstrip()[-1:] not in (b"}", b"]"):
        raise Retry("answer", "GitHub's answer is not complete JSON")
    try:
        content = json.loads(
            without_depths(body).decode("utf-8", "replace"),
            strict=False,
            parse_int=_integer,
            parse_constant=lambda word: Unreadable(f"{word} is no number"),
        )
    except (ValueError, RecursionError) as broken:
        raise Retry("answer", "GitHub's answer is not complete JSON") from broken
    return _clean(quarantined(content))


def _integer(digits: str) -> int | Unreadable:
    """A number of thousands of digits must not end the page."""
    if len(digits) < 20 and abs(int(digits)) <= _LARGEST:
        return int(digits)
    return Unreadable(f"a number of {len(digits)} digits")


def without_depths(body: bytes) -> bytes:
    """What is nested deeper than DEEPEST is left out and marked."""
    parts: list[bytes] = []
    depth, kept = 0, 0
    for token in _TOKEN.finditer(body):
        sign = token[0]
        if sign in (b"[", b"{"):
            depth += 1
            if depth == DEEPEST + 1:
                parts.append(body[kept : token.start()])
        elif sign in (b"]", b"}"):
            if depth == DEEPEST + 1:
                parts.append(_DEEP)
                kept = token.end()
            depth -= 1
    parts.append(body[kept:] if depth == 0 else b"")
    return b"".join(parts)


def quarantined(value: Any) -> Any:
    """Each record (an object with a ``number``) that holds something unreadable, replaced."""
    if isinstance(value, list):
        return [quarantined(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "number" not in value or "title" not in value:
        return {key: quarantined(one) for key, one in value.items()}
    reason = _fault(value)
    if reason is None:
        return value
    named = {key: value.get(key) for key in ("id", "node_id", "number", "updatedAt", "updated_at")}
    kept = {key: one for key, one in named.items() if one is not None and not isinstance(one, Unreadable)}
    return {**kept, "unreadable": reason}


def _fault(value: Any) -> str | None:
    if isinstance(value, Unreadable):
        return str(value)
    if isinstance(value, str):
        return value.strip("\ue000") if value[:1] == "\ue000" == value[-1:] else None
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((fault for part in parts if (fault := _fault(part))), None)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_clean(one) for one in value]
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in value.items()}
    return value
