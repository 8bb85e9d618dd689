"""Jira's answers as JSON, of which one unreadable record costs only itself."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import orjson

UNREADABLE = "unreadable"
"""In place of a record that is no JSON, or none that could be kept: {"id", "key", UNREADABLE: why}."""

_ESCAPED_NUL = b"\\u0000"
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_NAME = {
    name: re.compile(rf'"{name}"\s*:\s*"([^"\\]{{1,200}})"'.encode()) for name in ("id", "key")
}  # fmt: skip


def decode(body: bytes) -> Any:
    """JSON without NUL and lone surrogates, which neither a database nor UTF-8 can hold.

    orjson refuses lone surrogates, so such an answer takes the slower way. Raises ValueError.
    """
    try:
        return _readable(body)
    except (ValueError, TypeError, RecursionError):
        return _salvaged(body)


def _readable(body: bytes) -> Any:
    """Raises ValueError, TypeError, RecursionError. What is too deep to be written is not read either."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        text = body.decode("utf-8", "replace")
        found = _cleaned(json.loads(text, parse_constant=_refuse, parse_float=_finite))
        orjson.dumps(found)
        return found
    orjson.dumps(found)
    return _cleaned(found) if _ESCAPED_NUL in body else found


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        replaced = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return replaced.replace("\x00", "\ufffd")
    if isinstance(value, list):
        return [_cleaned(one) for one in value]
    if isinstance(value, dict):
        return {_cleaned(name): _cleaned(one) for name, one in value.items()}
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _finite(number: str) -> float:
    found = float(number)
    return found if math.isfinite(found) else _refuse(number[:20])


def as_record(found: Any) -> dict[str, Any]:
    """What stands in a list of issues, whatever it is, as a record that readers can name."""
    if not isinstance(found, dict):
        return {UNREADABLE: "it is no record"}
    if not isinstance(found.get("fields", {}), dict):
        return {"id": found.get("id"), "key": found.get("key"), UNREADABLE: "its fields are no record"}
    return found


def _salvaged(body: bytes) -> Any:
    """Raises ValueError when the answer holds no list of issues, or is broken outside of it."""
    spans = list(_records(body))
    if not spans:
        raise ValueError("the answer is no JSON")
    found = _readable(body[: spans[0][0]] + body[spans[-1][1] :])
    found["issues"] = [_record(body[start:end]) for start, end in spans]
    return found


def _record(body: bytes) -> Any:
    try:
        return _readable(body)
    except (ValueError, TypeError, RecursionError) as error:
        named = {
            name: match[1].decode("utf-8", "replace") for name in _NAME if (match := _NAME[name].search(body))
        }
        return {**named, UNREADABLE: f"it is no JSON that can be kept ({str(error)[:100]})"}


def _records(body: bytes) -> Iterator[tuple[int, int]]:
    """Where each element of the outermost "issues" begins and ends; walked, for it may be deep."""
    depth, start, name, is_inside = 0, -1, b"", False
    for match in _MARK.finditer(body):
        mark = match[0]
        if mark[:1] == b'"':
            name = mark if depth == 1 else name
        elif mark in (b"{", b"["):
            depth += 1
            if depth == 2:
                is_inside = mark == b"[" and name == b'"issues"'
            elif depth == 3 and is_inside:
                start = match.start()
        elif mark != b",":
            depth -= 1
            if depth == 2 and is_inside and start >= 0:
                yield start, match.end()
                start = -1
