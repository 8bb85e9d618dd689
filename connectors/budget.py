"""How much one source may ask of its tracker: so many requests an hour, so many at once."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType

from connectors.contract import SourceError

_HOUR = 3600.0  # seconds


class Budget:
    """``async with budget:`` around every request, retries too.

    Raises SourceError ``limited`` when the hour's requests are used up; its ``retry_after`` says
    when the oldest of them is an hour ago, so that the job comes back instead of waiting here.
    """

    def __init__(
        self, per_hour: int | None, at_once: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.requests = 0
        self._per_hour = per_hour
        self._free = asyncio.Semaphore(at_once)
        self._clock = clock
        self._recent: deque[float] = deque()

    async def __aenter__(self) -> None:
        await self._free.acquire()
        try:
            self._spend()
        except SourceError:
            self._free.release()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._free.release()

    def _spend(self) -> None:
        self.requests += 1
        if self._per_hour is None:
            return
        now = self._clock()
        while self._recent and self._recent[0] <= now - _HOUR:
            self._recent.popleft()
        if len(self._recent) >= self._per_hour:
            self.requests -= 1
            wait = self._recent[0] + _HOUR - now
            raise SourceError("limited", f"the source's {self._per_hour} requests an hour are used up", wait)
        self._recent.append(now)
