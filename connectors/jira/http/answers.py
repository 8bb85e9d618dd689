"""What an answer that is no success means for a source."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

import orjson

from connectors.contract import SourceError
from connectors.transport import Retry, parse_retry_after

_PASSING = frozenset({408, 425})  # and all from 500 on
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HOUR = 3600.0  # seconds; Atlassian's quotas begin anew each hour
_NOT_US = {
    "x-seraph-loginreason": frozenset(
        {"AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "AUTHORISATION_FAILED"}
    ),
    "x-ausername": frozenset({"anonymous"}),
}
_SCOPED = (
    " A scoped token and a service account's work only under https://api.atlassian.com/ex/jira/CLOUDID,"
    " not under the site's own address."
)


class Forbidden(SourceError):
    """403: we are known, but this is not for us."""


def is_of_a_part(error: SourceError) -> bool:
    """Whether an issue can be read without the part of it that failed so: neither limit nor lost login."""
    return error.reason in ("unreachable", "mapping", "not-found", "answer") or isinstance(error, Forbidden)


def failure(url: str, status: int, headers: Mapping[str, str], body: bytes) -> Exception:
    """What an answer that is no success means: Retry for what may pass, else SourceError.

    The status decides, for proxies put web pages under any of them.
    """
    parts = urlsplit(url)
    host, answer = parts.netloc, f"{parts.netloc} answers {_words(status)}"
    if status == 401:
        hint = _SCOPED if host.endswith(".atlassian.net") else ""
        refused = f"Authentication failed: {answer} and does not accept the credential under auth.{hint}"
        return SourceError("authentication", refused)
    if status == 403:
        refused = f"Authentication failed: {answer} to the credential under auth."
        return Forbidden("authentication", refused)
    if status == 429:
        return limit(host, headers, datetime.now(UTC))
    if status >= 500 or status in _PASSING:
        return Retry("unreachable", f"{answer}.", parse_retry_after(headers.get("Retry-After")))
    return _refusal(parts, status, _message(body))


def _refusal(url: SplitResult, status: int, message: str) -> SourceError:
    said = f": {message}" if message else "."
    if status == 404:
        address = f"{url.scheme}://{url.netloc}{url.path}"
        return SourceError("not-found", f"There is nothing at {address} (404){said}")
    if status == 400:
        return SourceError("mapping", f"{url.netloc} does not understand the query{said}")
    return SourceError("answer", f"{url.netloc} answers {_words(status)}.")


def limit(host: str, headers: Mapping[str, str], now: datetime) -> Exception:
    """A burst passes within a read; a quota that is used up is told at once, with when to come back."""
    wait = parse_retry_after(headers.get("Retry-After"), now)
    if wait is None:
        wait = _until(headers.get("X-RateLimit-Reset"), now)
    why = headers.get("RateLimit-Reason") or ""
    if why.startswith("jira-quota-"):
        rest = _HOUR - now.timestamp() % _HOUR
        return SourceError("limited", f"{host}: the quota is used up ({why[:60]}).", wait or rest)
    return Retry("limited", f"{host} answers {_words(429)}.", wait)


def refuse_anonymous(host: str, headers: Mapping[str, str]) -> None:
    """Raises SourceError for an answer that Jira gave to nobody in particular, with status 200."""
    for name, words in _NOT_US.items():
        if headers.get(name) in words:
            raise SourceError("authentication", f"{host} does not know who we are ({name}: {headers[name]}).")


def is_web_page(body: bytes, headers: Mapping[str, str]) -> bool:
    is_html = "html" in (headers.get("Content-Type") or "").casefold()
    return is_html or body.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"<"


def login_page(host: str) -> SourceError:
    """Jira answers a lost login so, with status 200 or a redirect to it."""
    return SourceError("authentication", f"{host} answers with a web page, probably its login.")


def _until(reset: str | None, now: datetime) -> float | None:
    """Seconds from X-RateLimit-Reset, an ISO moment (2026-03-01T10:00Z) or epoch seconds."""
    if not reset:
        return None
    try:
        moment = (
            datetime.fromtimestamp(float(reset), UTC) if reset.isdigit() else datetime.fromisoformat(reset)
        )
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())
    except (ValueError, OverflowError, OSError):
        return None


def _words(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _message(body: bytes) -> str:
    """Jira's own first line of what is wrong; "" where the body is not Jira's."""
    try:
        answer = orjson.loads(body)
    except orjson.JSONDecodeError:
        return ""
    if not isinstance(answer, dict):
        return ""
    listed, by_field = answer.get("errorMessages"), answer.get("errors")
    messages = [
        *(listed if isinstance(listed, list) else ()),
        *(by_field.values() if isinstance(by_field, dict) else ()),
        *(answer.get(name) for name in ("errorMessage", "message")),
    ]
    lines = [line for message in messages if message for line in str(message).strip().splitlines()[:1]]
    return lines[0][:300] if lines else ""
