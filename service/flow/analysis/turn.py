"""When a process analyses: one analysis at a time, and whole ones with a pause between them.

A change is in the order one and a half times as long as an analysis takes after it happened: half of it is
waited for what comes close behind, and shares the analysis. After an analysis the next waits as long,
so that under unbroken change a third of the time is left to whoever asks; a change that came as one had
begun then waits one and a half times as long for the next to begin. Both grow with the product as the
analysis does, and never further.
"""

import asyncio
from dataclasses import dataclass, field

PAUSE_SHARE = 0.5
"""How much of its own length there is between two analyses, and before the first after a change."""

ANSWER_WAITS_SECONDS = 1.0
"""A decision that changes the order is answered when the order follows, if an analysis takes no longer."""


@dataclass
class AnalysisTurn:
    """One per process. ``seconds`` is what the last whole analysis took, ``ended`` by a steady clock when."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    seconds: float | None = None
    ended: float = float("-inf")

    def note(self, began: float, ended: float) -> None:
        self.seconds, self.ended = ended - began, ended

    @property
    def pause(self) -> float:
        """Seconds; none before the first analysis."""
        return PAUSE_SHARE * (self.seconds or 0.0)

    def remaining_pause(self, now: float) -> float:
        """Seconds until the next analysis may begin; 0 when it may begin now."""
        return max(0.0, self.ended + self.pause - now)

    @property
    def is_short(self) -> bool:
        """False as long as it is not known."""
        return self.seconds is not None and self.seconds <= ANSWER_WAITS_SECONDS
