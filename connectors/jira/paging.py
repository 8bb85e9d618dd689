"""Walking through a search: by token on Cloud, by position on Data Center, the next page fetched ahead."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from connectors.contract import SourceError

Issue = Mapping[str, Any]
ByToken = Callable[[str | None], Awaitable[Mapping[str, Any]]]
ByPosition = Callable[[float | None, int], Awaitable[Mapping[str, Any]]]

AHEAD = 3  # pages of a Data Center under way at once
WINDOW = 9000  # results after which the search begins anew; some installations fail beyond 10,000
STANDSTILL = 20  # restarts at one and the same moment


@dataclass(frozen=True, slots=True)
class Found:
    issues: Sequence[Issue]
    is_last: bool
    total: int | None = None


async def by_token(fetch: ByToken) -> AsyncGenerator[Found]:
    """Ends on a missing token. Raises SourceError for a repeated one, which would be a loop."""
    used: set[str] = set()
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
            yield Found(answer.get("issues") or (), not token)
            if not token:
                return
    finally:
        coming.cancel()


class ByPositions:
    """Pages overlap by one issue: when it is not the same, the result has shifted under us.

    Then, and after WINDOW results, the search begins anew at the last issue's moment, so nothing
    is lost and some issues come twice. ``moment_of`` gives the epoch second the search is
    ordered by.
    """

    def __init__(self, fetch: ByPosition, moment_of: Callable[[Issue], float]) -> None:
        self._fetch = fetch
        self._moment_of = moment_of

    async def pages(self, lower: float | None) -> AsyncGenerator[Found]:
        """Raises SourceError when it can get no further."""
        standstill = 0
        while True:
            reached = lower
            async with aclosing(self._run(lower)) as run:
                async for found in run:
                    yield found
                    if found.is_last:
                        return
                    reached = self._moment_of(found.issues[-1]) if found.issues else reached
            standstill = standstill + 1 if reached == lower else 0
            if standstill >= STANDSTILL:
                raise SourceError("answer", "The search's result keeps changing while it is read.")
            lower = reached

    async def _run(self, lower: float | None) -> AsyncGenerator[Found]:
        """One window; it ends without a last page when it has to begin anew."""
        first = await self._fetch(lower, 0)
        issues, total = first["issues"], int(first["total"])
        yield Found(issues, len(issues) >= total, total)
        stride = max(min(int(first["maxResults"]), len(issues)) - 1, 1)
        anchored = len(issues) > 1
        previous, at = issues, len(issues)
        async with aclosing(self._ahead(lower, stride, stride if anchored else 1, total)) as coming:
            while at < total:
                offset, answer = await anext(coming)
                issues, total = answer["issues"], int(answer["total"])
                if anchored and (not issues or issues[0]["id"] != previous[-1]["id"]):
                    return
                fresh = issues[1:] if anchored else issues
                at = offset + len(issues)
                if not fresh:
                    return
                yield Found(fresh, at >= total, total)
                if offset > WINDOW and self._has_moved_on(fresh[-1], lower):
                    return
                previous = fresh

    def _has_moved_on(self, issue: Issue, lower: float | None) -> bool:
        """JQL knows minutes: a window within one minute could only begin at the same place again."""
        return lower is None or self._moment_of(issue) // 60 > lower // 60

    async def _ahead(
        self, lower: float | None, stride: int, offset: int, total: int
    ) -> AsyncGenerator[tuple[int, Mapping[str, Any]]]:
        """Answers from ``offset`` on, a few of them under way at once."""
        coming: deque[tuple[int, asyncio.Future[Mapping[str, Any]]]] = deque()
        try:
            while True:
                while not coming or (len(coming) < AHEAD and offset < total):
                    coming.append((offset, asyncio.ensure_future(self._fetch(lower, offset))))
                    offset += stride
                at, answer = coming.popleft()
                yield at, await answer
        finally:
            for _, one in coming:
                one.cancel()
