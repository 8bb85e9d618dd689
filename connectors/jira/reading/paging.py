"""Walking through a search: by token on Cloud, by position on Data Center, the next page fetched ahead."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

from connectors.contract import SourceError
from connectors.jira.reading.query import MINUTE, Window

Issue = Mapping[str, Any]
Answer = Mapping[str, Any]
ByToken = Callable[[str | None], Awaitable[Answer]]
ByPosition = Callable[[Window, int], Awaitable[Answer]]

AHEAD = 3  # pages of a Data Center under way at once
WINDOW = 10_000  # results of one search; some installations fail beyond
STANDSTILL = 5  # pages, or restarts, that brought nothing new


@dataclass(frozen=True, slots=True)
class ResultPage:
    issues: Sequence[Issue]
    is_last: bool
    total: int | None = None


async def by_token(fetch: ByToken) -> AsyncGenerator[ResultPage]:
    """Ends on a missing token. Raises SourceError for what would be a loop: a token, or a page, repeated."""
    used: set[str] = set()
    before: set[str] = set()
    standstill = 0
    coming = asyncio.ensure_future(fetch(None))
    try:
        while True:
            answer = await coming
            token = answer.get("nextPageToken")
            if token in used:
                raise SourceError("answer", "Jira repeats a page's token, so the search would never end.")
            if token:
                used.add(token)
                coming = asyncio.ensure_future(fetch(token))
            issues = answer.get("issues") or ()
            ids = {str(one.get("id")) for one in issues}
            standstill = standstill + 1 if ids <= before else 0
            if standstill >= STANDSTILL:
                raise SourceError("answer", "Jira repeats a page, so the search would never end.")
            before = ids or before
            yield ResultPage(issues, not token)
            if not token:
                return
    finally:
        _drop(coming)


class ByPositions:
    """Pages overlap by one issue: when it is not the same, the result has shifted under us.

    Then, and after WINDOW results, the search begins anew at the last issue's moment, so nothing
    is lost and some issues come twice. JQL knows minutes: one that holds more is read by key.
    ``moment_of`` gives the epoch second the search is ordered by.
    """

    def __init__(self, fetch: ByPosition, moment_of: Callable[[Issue], float | None]) -> None:
        self._fetch = fetch
        self._moment_of = moment_of

    async def pages(self, since: float | None) -> AsyncGenerator[ResultPage]:
        """Raises SourceError when it can get no further."""
        window, standstill = Window(since), 0
        while True:
            last: Issue | None = None
            is_through = False
            async with aclosing(self._run(window)) as run:
                async for result in run:
                    is_through = result.is_last
                    last = next((one for one in reversed(result.issues) if self._moment_of(one)), last)
                    yield replace(result, is_last=is_through and window.minute is None)
            if is_through and window.minute is None:
                return
            following = self._following(window, last, is_through)
            standstill = standstill + 1 if following == window else 0
            if standstill >= STANDSTILL:
                raise SourceError("answer", "The search's result keeps changing while it is read.")
            window = following

    def _following(self, window: Window, last: Issue | None, is_through: bool) -> Window:
        if window.minute is not None and is_through:
            return Window(window.minute + MINUTE)
        if last is None:
            return window
        if window.minute is not None:
            return Window(minute=window.minute, above=str(last["key"]))
        reached = self._moment_of(last) or 0.0
        if window.since is None or reached // MINUTE > window.since // MINUTE:
            return Window(reached)
        return Window(minute=window.since // MINUTE * MINUTE)

    async def _run(self, window: Window) -> AsyncGenerator[ResultPage]:
        """One search; it ends without a last page when it has to begin anew."""
        first = await self._fetch(window, 0)
        issues, total = first["issues"], int(first["total"])
        yield ResultPage(issues, len(issues) >= total, total)
        if not issues or len(issues) >= total:
            return
        size = min(int(first["maxResults"]), len(issues))
        is_anchored = size > 1
        previous = issues
        async with aclosing(self._ahead(window, size, size - 1 if is_anchored else 1, total)) as coming:
            async for offset, answer in coming:
                before, total = total, int(answer["total"])
                issues = answer["issues"]
                if is_anchored and (not issues or issues[0].get("id") != previous[-1].get("id")):
                    return
                if not is_anchored and total != before:
                    return
                fresh = issues[1:] if is_anchored else issues
                if not fresh:
                    return
                is_last = offset + len(issues) >= total
                yield ResultPage(fresh, is_last, total)
                if is_last:
                    return
                previous = fresh

    async def _ahead(
        self, window: Window, size: int, offset: int, total: int
    ) -> AsyncGenerator[tuple[int, Answer]]:
        """Answers from ``offset`` on, a few of them under way at once; none beyond WINDOW."""
        stride = max(size - 1, 1)
        coming: deque[tuple[int, asyncio.Future[Answer]]] = deque()
        try:
            while True:
                while len(coming) < AHEAD and offset + size <= WINDOW and (offset < total or not coming):
                    coming.append((offset, asyncio.ensure_future(self._fetch(window, offset))))
                    offset += stride
                if not coming:
                    return
                at, answer = coming.popleft()
                yield at, await answer
        finally:
            for _, one in coming:
                _drop(one)


def _drop(future: asyncio.Future[Answer]) -> None:
    """Nobody waits for it any more, nor for its error."""
    future.cancel()
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
