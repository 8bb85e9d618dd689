"""How many rows a question asks for: fewer where a host fails at so many, more again as it answers."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from connectors.contract import SourceError

SMALLEST_PAGE = 5  # rows
GROWS_AFTER = 8  # answers in a row

Answer = Mapping[str, Any]
Question = Callable[[int], Awaitable[Answer]]


class PageSize:
    """Of one reading."""

    def __init__(self, largest: int) -> None:
        self.rows = largest
        self._largest = largest
        self._answers = 0

    async def ask(self, question: Question) -> Answer:
        """``question`` with as many rows as the host can bear. Raises SourceError for one that is down.

        One row tells the two apart, so that an outage costs two questions and not one for every size.
        """
        while True:
            rows = self.rows
            try:
                answer = await question(rows)
            except SourceError as error:
                if not is_perhaps_too_much(error) or rows <= SMALLEST_PAGE:
                    raise
                if rows == self._largest:
                    await question(1)
                self.rows, self._answers = max(SMALLEST_PAGE, min(self.rows, rows // 2)), 0
            else:
                self._grow()
                return answer

    def _grow(self) -> None:
        self._answers += 1
        if self._answers >= GROWS_AFTER:
            self.rows, self._answers = min(self._largest, self.rows * 2), 0


def is_perhaps_too_much(error: SourceError) -> bool:
    """A time-out or an error of the server's own."""
    return error.reason == "unreachable"
