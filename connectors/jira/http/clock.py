"""The tracker's clock, as far as its answers tell, so that ours may be wrong."""

import time
from email.utils import parsedate_to_datetime

_HTTP_DATE = len("Sun, 06 Nov 1994 08:49:37 GMT")


class ServerClock:
    """Learns from Date headers. Never ahead of the tracker, nor of our own clock."""

    def __init__(self) -> None:
        self._ahead: float | None = None  # seconds of the tracker's clock before our steady one

    def hear(self, date: str | None) -> None:
        """A header that is no date says nothing. Of two in one header the last is the tracker's."""
        try:
            server_time = parsedate_to_datetime((date or "")[-_HTTP_DATE:])
        except (TypeError, ValueError):
            return
        self._ahead = server_time.timestamp() - time.monotonic()

    def now(self) -> float:
        """Epoch seconds. A clock that runs ahead would hide what changes until it is right again."""
        ours = time.time()
        return ours if self._ahead is None else min(ours, time.monotonic() + self._ahead)
