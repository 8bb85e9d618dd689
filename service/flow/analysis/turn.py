"""When a process analyses: one analysis at a time, and whole ones with a pause between them.

A change waits at most half a second, and never longer than half an analysis takes, for what comes close
behind it and shares the analysis. After an analysis the next waits half as long as it took, so that under
unbroken change a third of the time is left to whoever asks: a change that came as one had just begun
waits one and a half times as long as that one takes for the next to begin.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import date

PAUSE_SHARE = 0.5
"""How much of its own length there is between two analyses."""

GATHER_SECONDS = 0.5
"""How long a change waits for others at most."""

ANSWER_WAITS_SECONDS = 1.0
"""A decision that changes the order is answered when the order follows, if an analysis takes no longer."""


@dataclass
class AnalysisTurn:
    """One per process. ``seconds`` is what the last whole analysis took, ``ended`` when by a steady clock.

    ``day``: the product's day that it judged.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    seconds: float | None = None
    ended: float = float("-inf")
    day: date | None = None

    def note(self, began: float, ended: float) -> None:
        self.seconds, self.ended = ended - began, ended

    @property
    def pause(self) -> float:
        """Seconds between two analyses; none before the first."""
        return PAUSE_SHARE * (self.seconds or 0.0)

    @property
    def delay(self) -> float:
        """Seconds from a change to the analysis that it asks for, unless one has just ended."""
        return min(self.pause, GATHER_SECONDS)

    def remaining_pause(self, now: float) -> float:
        """Seconds until the next analysis may begin; 0 when it may begin now."""
        return max(0.0, self.ended + self.pause - now)

    @property
    def is_short(self) -> bool:
        """False as long as it is not known."""
        return self.seconds is not None and self.seconds <= ANSWER_WAITS_SECONDS
