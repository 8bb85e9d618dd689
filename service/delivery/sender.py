"""One attempt to hand a message to a receiver. Whatever happens becomes an Outcome; nothing is raised."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx

from connectors.transport import parse_retry_after
from service import __version__
from service.delivery.guard import Guard, RefusedError
from service.delivery.target import Target, TargetError, parse_target
from service.domain.notification.delivery_attempt import Outcome

PATIENCE = 15.0  # seconds for an attempt as a whole
ANSWER_KEPT = 2048  # bytes of a receiver's answer that are read at all

_HEADERS = {
    "user-agent": f"attune/{__version__}",
    "accept-encoding": "identity",  # nothing that unpacks to more than was read
    "connection": "close",
}


class Sender:
    """Connects to the address that was judged, whatever the name says by then.

    No proxies from the environment, no redirects, no connection kept: TLS is checked against the
    name of this very target.
    """

    def __init__(self, guard: Guard, patience: float = PATIENCE) -> None:
        self._guard = guard
        self._patience = patience
        self._client = httpx.AsyncClient(
            verify=ssl.create_default_context(),
            trust_env=False,
            follow_redirects=False,
            timeout=patience,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def send(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._patience):
                outcome = await self._attempt(parse_target(url), body, headers)
        except TimeoutError:
            outcome = Outcome(0.0, error=f"no answer within {self._patience:g} seconds")
        except (TargetError, RefusedError) as error:
            outcome = Outcome(0.0, error=f"refused: {error}")
        except OSError as error:
            outcome = Outcome(0.0, error=f"the name cannot be resolved: {error.strerror or error}")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            outcome = Outcome(0.0, error=f"{type(error).__name__}: {error}")
        return _timed(outcome, time.monotonic() - started)

    async def _attempt(self, target: Target, body: bytes, headers: Mapping[str, str]) -> Outcome:
        *first, last = await self._guard.addresses(target)
        for address in first:
            try:
                return await self._post(target, address, body, headers)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._post(target, last, body, headers)

    async def _post(self, target: Target, address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        extensions = {"sni_hostname": target.host} if target.is_name else {}
        async with self._client.stream(
            "POST",
            target.at(address),
            content=body,
            headers={**headers, **_HEADERS, "host": target.host_header},
            extensions=extensions,
        ) as response:
            return Outcome(
                0.0,
                status=response.status_code,
                answer=await _beginning(response),
                retry_after=parse_retry_after(response.headers.get("retry-after")),
            )


async def _beginning(response: httpx.Response) -> str:
    """The first bytes as text a database takes. A receiver that breaks off here has answered already."""
    read = b""
    try:
        async for part in response.aiter_raw(ANSWER_KEPT):
            read += part
            if len(read) >= ANSWER_KEPT:
                break
    except httpx.HTTPError:
        pass
    return read[:ANSWER_KEPT].decode("utf-8", "replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _timed(outcome: Outcome, duration: float) -> Outcome:
    return Outcome(duration, outcome.status, outcome.error, outcome.answer, outcome.retry_after)
