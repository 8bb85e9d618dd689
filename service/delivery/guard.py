"""Stands between a webhook's URL and the network: it resolves a name once and judges every address of it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from service.delivery.address import Network, refusal
from service.delivery.target import Target, parse_target
from service.errors import AttuneError

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""A name and a port to addresses, best first; raises OSError when there are none."""


class RefusedError(AttuneError):
    """The URL leads where nothing may be sent; ``str()`` says why."""


async def system_resolver(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Guard:
    """``allowed`` are networks that may be reached although they are not public."""

    allowed: Sequence[Network] = ()
    resolve: Resolve = system_resolver

    async def addresses(self, target: Target) -> Sequence[str]:
        """Where to connect to, judged. Raises RefusedError, or OSError when the name has no address.

        One address that is not public refuses the name as a whole: a name has no business having both.
        """
        found = await self.resolve(target.host, target.port) if target.is_name else (target.host,)
        if not found:
            raise OSError("the name has no address")
        for address in found:
            if reason := refusal(address, self.allowed):
                raise RefusedError(reason)
        return found

    async def check(self, url: str) -> None:
        """For a URL that is to be saved. Raises TargetError, RefusedError or OSError."""
        await self.addresses(parse_target(url))
