"""What an answer that is no success means for a source."""

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from jira.exceptions import JIRAError

from connectors.contract import SourceError
from connectors.transport import Retry, parse_retry_after

_PASSING = frozenset({408, 425, 500, 502, 503, 504})
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


def failure(host: str, error: JIRAError) -> Exception:
    """Retry for what may pass, else SourceError."""
    status = int(error.status_code or 0)
    headers = error.response.headers if error.response is not None else {}
    said = f"{host} answers {_words(status)}."
    if status == 401:
        hint = _SCOPED if host.endswith(".atlassian.net") else ""
        return SourceError("authentication", f"Authentication failed: {said}{hint}")
    if status == 403:
        return Forbidden("authentication", f"Authentication failed: {said}")
    if status == 429:
        return limit(host, headers, datetime.now(UTC))
    if status in _PASSING:
        return Retry("unreachable", said, parse_retry_after(headers.get("Retry-After")))
    return _refusal(host, status, _first_line(error))


def _refusal(host: str, status: int, line: str) -> SourceError:
    if status == 404:
        return SourceError("not-found", f"{host}: {line}")
    if status == 400:
        return SourceError("mapping", f"{host} does not understand the query: {line}")
    return SourceError("answer", f"{host} answers {_words(status)}.")


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


def _first_line(error: JIRAError) -> str:
    return (str(error.text or "").strip().splitlines() or ["it was not found"])[0][:300]
