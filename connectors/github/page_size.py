"""How many rows a question asks for: fewer when that was too many, more again when all goes well."""

from dataclasses import dataclass

import httpx

from connectors.transport import Retry

ROWS = (1, 5, 25, 50, 100)  # each divides the next: a page by number stays on its rows when it shrinks
LARGEST = ROWS[-1]


@dataclass(slots=True)
class PageSize:
    """Of one kind of question. After growing in vain it waits twice as long before it grows again."""

    rows: int = LARGEST
    largest: int = LARGEST
    successes: int = 0
    grows_after: int = 5  # successes
    has_grown: bool = False

    def shrink(self) -> None:
        if self.has_grown:
            self.grows_after = min(self.grows_after * 2, 160)
        self.rows = max((step for step in ROWS if step < self.rows), default=1)
        self.successes, self.has_grown = 0, False

    def succeed(self) -> None:
        self.successes += 1
        if self.successes >= self.grows_after and self.rows < self.largest:
            self.rows = min(step for step in ROWS if step > self.rows)
            self.successes, self.has_grown = 0, True
        elif self.has_grown:
            self.has_grown = False

    def restore(self, rows: int) -> None:
        """What failed did so for another reason than its size."""
        self.rows, self.successes = rows, 0


def may_be_the_size(failed: Retry) -> bool:
    """A host that is not there answers no smaller question either."""
    return failed.reason in ("unreachable", "answer") and not isinstance(failed.__cause__, httpx.ConnectError)
