"""What GitHub's answers mean when they are no data: limits, lost credentials, unknown fields. Pure."""

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from connectors.contract import SourceError
from connectors.transport import Answer, Retry, parse_retry_after

SECONDARY = 60.0  # seconds to wait at least when GitHub does not say how long
LONGEST = 3600.0
_LIMITED = ("RATE_LIMITED", "RATE_LIMIT")


class UnknownFields(SourceError):
    """The host's schema lacks fields that were asked. ``names`` are (type, field)."""

    def __init__(self, names: frozenset[tuple[str, str]]) -> None:
        fields = ", ".join(sorted(f"{kind}.{field}" for kind, field in names))
        super().__init__("answer", f"GitHub does not know {fields}")
        self.names = names


class UnknownCursor(SourceError):
    """The host does not know a page's cursor any more."""

    def __init__(self) -> None:
        super().__init__("answer", "GitHub does not know its own cursors")


def raise_for_status(answer: Answer, what: str, strikes: int = 0) -> None:
    """Raise what a status means; nothing for success. ``strikes``: limits met in a row before this one."""
    status = answer.status
    if status == 401:
        raise SourceError("authentication", "authentication failed: GitHub does not accept the credential")
    if is_limit(answer):
        raise Retry("limited", "GitHub's rate limit is used up", limit_wait(answer, strikes))
    if status == 403:
        raise SourceError("authentication", f"the credential may not read {what}")
    if status in (404, 410):
        raise SourceError("not-found", f"{what} does not exist, or the credential may not see it")
    if status >= 500:
        after = parse_retry_after(answer.headers.get("retry-after"), date_of(answer))
        raise Retry("unreachable", f"GitHub answered {status}", after)
    if not 200 <= status < 300:
        raise SourceError("answer", f"GitHub answered {status} for {what}")


def is_limit(answer: Answer) -> bool:
    if answer.status == 429:
        return True
    if answer.status != 403:
        return False
    if answer.headers.get("retry-after") or answer.headers.get("x-ratelimit-remaining") == "0":
        return True
    text = answer.body[:2000].lower()
    return b"rate limit" in text or b"abuse" in text


def limit_wait(answer: Answer, strikes: int = 0) -> float:
    """Seconds: Retry-After, else until the limit's reset, else a minute, twice as long each time."""
    now = date_of(answer)
    asked = parse_retry_after(answer.headers.get("retry-after"), now)
    if asked is not None:
        return asked
    reset = answer.headers.get("x-ratelimit-reset", "")
    if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(1.0, int(reset) - (now.timestamp() if now else time.time()))
    return float(min(SECONDARY * 2.0 ** min(strikes, 10), LONGEST))


def date_of(answer: Answer) -> datetime | None:
    """The host's clock."""
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def raise_for_errors(errors: list[dict[str, Any]], answer: Answer, strikes: int = 0) -> None:
    """Raise those GraphQL errors that concern the whole question; an exceeded limit is a 200."""
    unknown = set()
    for one in errors:
        kind, message = one.get("type"), str(one.get("message", ""))
        more = one.get("extensions") or {}
        if kind in _LIMITED or "rate limit" in message.lower():
            raise Retry("limited", "GitHub's rate limit is used up", limit_wait(answer, strikes))
        if kind in ("FORBIDDEN", "INSUFFICIENT_SCOPES") and len(one.get("path") or ()) <= 1:
            raise SourceError("authentication", "the credential may not read this from GitHub")
        if kind == "INVALID_CURSOR_ARGUMENTS" or "valid cursor" in message:
            raise UnknownCursor
        if more.get("code") == "undefinedField":
            unknown.add((str(more.get("typeName")), str(more.get("fieldName"))))
    if unknown:
        raise UnknownFields(frozenset(unknown))
