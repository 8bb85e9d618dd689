"""One retry and limit policy for every tracker, over whatever HTTP client its connector uses."""

import asyncio
import math
import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt

from connectors.contract import Reason, SourceError

CONNECT_TIMEOUT = 10.0  # seconds
READ_TIMEOUT = 60.0
TOTAL_TIMEOUT = 180.0  # an answer that drips in byte by byte ends here
LARGEST_ANSWER = 64 * 1024 * 1024  # bytes
TRIES = 5
LONGEST_WAIT = 30.0  # seconds; a longer one ends the read, and the job comes back later
_LOGIN = re.compile(r"log-?in|sign-?in|/(?:sso|saml2?|oauth2?|authorize|adfs|auth)(?:[/.]|$)", re.IGNORECASE)
T = TypeVar("T")


class Retry(Exception):
    """This request failed in a way that may pass. ``after``: seconds the tracker asked for."""

    def __init__(self, reason: Reason, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.after = after


async def with_retries(call: Callable[[], Awaitable[T]]) -> T:
    """``call`` until it succeeds; Retry is tried again, anything else is final.

    Raises SourceError when the tries are used up, or when the tracker wants more patience than
    a running read should have: its ``retry_after`` then says when to come back.
    """

    async def attempt() -> T:  # tenacity awaits only what is declared async, not a lambda's coroutine
        return await call()

    attempts = AsyncRetrying(
        retry=retry_if_exception_type(Retry),
        wait=_wait,
        stop=lambda state: stop_after_attempt(TRIES)(state) or _asked(state) > LONGEST_WAIT,
        reraise=True,
    )
    try:
        return await attempts(attempt)
    except Retry as failed:
        raise SourceError(failed.reason, str(failed), failed.after) from failed


def _asked(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, Retry) or error.after is None:
        return 0.0
    return float(error.after)


def _wait(state: RetryCallState) -> float:
    backoff = min(0.5 * 2.0 ** (state.attempt_number - 1), LONGEST_WAIT)
    return max(_asked(state), backoff * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, no secret


def parse_retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds from a Retry-After header: a number or an HTTP date; None when it is neither."""
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - (now or datetime.now(UTC))).total_seconds())


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]  # names in any case
    body: bytes


def http_client() -> httpx.AsyncClient:
    """A client for one tracker: bounded in time, and it follows no redirect with our credential."""
    timeout = httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT)
    return httpx.AsyncClient(timeout=timeout, follow_redirects=False)


async def exchange(client: httpx.AsyncClient, request: httpx.Request) -> Answer:
    """Send once and read the whole answer, whatever its status.

    Raises Retry when the tracker is not there, hangs or hangs up; SourceError for an answer
    larger than LARGEST_ANSWER and for a redirect.
    """
    host = request.url.host
    try:
        async with asyncio.timeout(TOTAL_TIMEOUT):
            return await _exchange(client, request)
    except (TimeoutError, httpx.TimeoutException) as slow:
        raise Retry("unreachable", f"{host} did not answer in time") from slow
    except httpx.HTTPError as broken:
        raise Retry("unreachable", f"{host} cannot be reached ({type(broken).__name__})") from broken


async def _exchange(client: httpx.AsyncClient, request: httpx.Request) -> Answer:
    response = await client.send(request, stream=True)
    try:
        if response.has_redirect_location:
            raise refused_redirect(request.url.host, response.headers["location"])
        body = bytearray()
        async for part in response.aiter_bytes():
            body += part
            if len(body) > LARGEST_ANSWER:
                raise SourceError(
                    "answer", f"{request.url.host} sent more than {LARGEST_ANSWER} bytes at once"
                )
        return Answer(response.status_code, response.headers, bytes(body))
    finally:
        await response.aclose()


def refused_redirect(host: str, location: str) -> SourceError:
    """Why a redirect ends a read: it leads to a login page, or to where our credential does not go."""
    try:
        target = urlsplit(location)
    except ValueError:
        target = urlsplit("")
    where = target.hostname or host
    if _LOGIN.search(target.path):
        return SourceError("authentication", f"{host} redirects to a login page at {where}")
    return SourceError("answer", f"{host} redirects to {where}, which is not followed")
