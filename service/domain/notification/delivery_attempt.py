"""What an attempt's outcome means for its delivery: done, again later, or given up. Pure."""

from dataclasses import dataclass
from typing import Literal

MINUTE, HOUR = 60.0, 3600.0
DELAYS = (5.0, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds after the first, second, … failure; about 75 hours in all."""

JITTER = 0.2
LONGEST_WAIT = 24 * HOUR  # of what a receiver may ask for with Retry-After

StateAfterAttempt = Literal["delivered", "pending", "dead"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one attempt. Without ``status`` there was no answer, and ``error`` says why. Times in seconds."""

    duration: float
    status: int | None = None
    error: str | None = None
    answer: str | None = None  # its first 2 kB
    retry_after: float | None = None

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The receiver wants nothing more, ever."""
        return self.status == 410

    @property
    def asks_to_wait(self) -> bool:
        return self.status in (429, 503) and self.retry_after is not None


@dataclass(frozen=True, slots=True)
class Verdict:
    state: StateAfterAttempt
    delay: float = 0.0  # seconds until the next attempt of a pending one


def judge(outcome: Outcome, attempts: int, chance: float) -> Verdict:
    """``attempts`` counts this one; ``chance`` between 0 and 1 places the delay within its jitter."""
    if outcome.is_delivered:
        return Verdict("delivered")
    if outcome.is_gone or attempts > len(DELAYS):
        return Verdict("dead")
    delay = DELAYS[attempts - 1] * (1 + JITTER * (2 * chance - 1))
    if outcome.asks_to_wait:
        delay = max(delay, min(outcome.retry_after or 0.0, LONGEST_WAIT))
    return Verdict("pending", delay)
