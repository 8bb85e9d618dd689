"""ParseContext GitHub over REST, for a host without GraphQL: the issues' own fields and their dependencies.

Pages go on from the moment of the last issue (``since``) instead of by number: an issue that is
edited or deleted while pages are read then shifts no other out of sight.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from connectors.contract import SourceError
from connectors.github.api.errors import UnknownCursor
from connectors.github.api.session import Session
from connectors.github.fetcher import News, Nodes, Order
from connectors.github.page_size import ROWS, PageSize, may_be_the_size
from connectors.github.rest import nodes as rest
from connectors.transport import Answer, Retry, with_retries

_NEWEST = 10  # records looked at for news


class RestFetcher:
    """See ``connectors.github.fetch.Fetcher``."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._size = PageSize()

    async def page(self, repository: str, cursor: str | None, since: str | None) -> Nodes:
        records, following = await self._page(repository, cursor, since)
        issues = [record for record in records if not rest.is_pull_request(record)]
        return Nodes(await asyncio.gather(*(self._node(issue) for issue in issues)), following)

    async def _page(
        self, repository: str, cursor: str | None, since: str | None
    ) -> tuple[list[Any], str | None]:
        moment, offset = _read(cursor) if cursor else (since or "", 0)
        asked = {"state": "all", "sort": "updated", "direction": "asc"}
        given = {**asked, "since": moment} if moment else asked
        records, goes_on = await self._rows(f"/repos/{repository}/issues", given, offset)
        return records, _following(records, moment, offset) if goes_on else None

    async def _rows(self, path: str, given: Mapping[str, str], offset: int) -> tuple[list[Any], bool]:
        """As many rows from ``offset`` on as the host answers at once, and whether there are more."""

        async def attempt() -> tuple[Any, Answer]:
            rows = max(step for step in ROWS if step <= self._size.rows and offset % step == 0)
            query = urlencode({**given, "per_page": rows, "page": offset // rows + 1})
            try:
                return await self.session.rest(f"{path}?{query}")
            except Retry as failed:
                if may_be_the_size(failed):
                    self._size.shrink()
                raise

        records, answer = await with_retries(attempt)
        if not isinstance(records, list):
            raise SourceError("answer", "GitHub answered with something else than a list")
        self._size.succeed()
        return records, 'rel="next"' in answer.headers.get("link", "")

    async def identities(self, repository: str, cursor: str | None) -> Nodes:
        found, goes_on = await self._page(repository, cursor, None)
        issues = [one for one in found if isinstance(one, dict) and not rest.is_pull_request(one)]
        return Nodes([one["node_id"] for one in issues if "node_id" in one], goes_on)

    async def news(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> News:
        """Always the same question, so that an answer that has not changed costs nothing."""
        newest = await asyncio.gather(*(self._newest(name) for name in sinces))
        asked = dict(zip(sinces, newest, strict=True))
        changed = [name for name, records in asked.items() if _has_news(records, sinces[name], seen)]
        names = {name: rest.repository_of(held[0]) for name, held in asked.items() if _is_named(held)}
        return News(changed, names)

    async def news_and_order(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> tuple[News, Order]:
        return await self.news(sinces, seen), Order()

    async def _newest(self, repository: str) -> Any:
        newest = {"state": "all", "sort": "updated", "direction": "desc", "per_page": _NEWEST, "page": 1}
        return (await self._get(f"/repos/{repository}/issues?{urlencode(newest)}"))[0]

    async def issues_by_number(self, numbers: Mapping[str, Sequence[int]]) -> list[Any]:
        wanted = [(repository, number) for repository, held in numbers.items() for number in held]
        found = await asyncio.gather(*(self._number(*one) for one in wanted))
        issues = [one for one in found if one and not rest.is_pull_request(one)]
        return await asyncio.gather(*(self._node(one) for one in issues))

    async def _number(self, repository: str, number: int) -> Any:
        try:
            return (await self._get(f"/repos/{repository}/issues/{number}"))[0]
        except SourceError as error:
            if error.reason == "not-found":
                return None
            raise

    async def issues_by_id(self, ids: Sequence[str]) -> list[Any]:
        return []  # REST finds no issue by its node id

    async def open_issues_of_milestone(self, repository: str, number: int) -> list[str]:
        return []

    async def milestones(self, repository: str) -> list[Any]:
        return [
            _shaped(one, rest.to_milestone)
            for one in await self._all(f"/repos/{repository}/milestones", "all")
        ]

    async def order(self) -> Order:
        return Order()

    async def _node(self, issue: Any) -> Any:
        """With its dependencies; a list of them that fails is left out and named."""
        node = _shaped(issue, rest.to_node)
        if node is issue:
            return issue
        unread: list[str] = []
        for field, part in rest.counted(issue):
            references = await self._dependencies(f"{rest.path_of(issue)}/dependencies/{part}")
            node[field] = {"nodes": references or []}
            unread += [part.replace("_", "-")] if references is None else []
        return {**node, "unread": unread} if unread else node

    async def _dependencies(self, path: str) -> list[dict[str, Any]] | None:
        """None when they cannot be read; empty where the host counts them but lists none: they are hidden."""
        try:
            return [rest.to_reference(record) for record in await self._all(path)]
        except (KeyError, TypeError, AttributeError):
            return None
        except SourceError as error:
            if error.reason == "not-found":
                return []
            if error.reason in ("unreachable", "answer"):
                return None
            raise

    async def _all(self, path: str, state: str | None = None) -> list[Any]:
        """Every page of a list of what hardly fills one."""
        records: list[Any] = []
        while True:
            page, goes_on = await self._rows(path, {"state": state} if state else {}, len(records))
            records += page
            if not goes_on or not page:
                return records

    async def _get(self, path: str) -> tuple[Any, Answer]:
        return await with_retries(lambda: self.session.rest(path))


def _has_news(records: Any, since: str, seen: Mapping[str, str]) -> bool:
    try:
        changed = [record for record in records if record["updated_at"] >= since]
        fresh = [one for one in changed if seen.get(one["node_id"]) != one["updated_at"]]
    except (KeyError, TypeError):  # reading them says what is wrong
        return True
    return len(changed) == _NEWEST or any(not rest.is_pull_request(record) for record in fresh)


def _is_named(records: Any) -> bool:
    return bool(records) and isinstance(records, list) and "repository_url" in (records[0] or {})


def _shaped(record: Any, shape: Callable[[Any], dict[str, Any]]) -> Any:
    """A record that is not whole goes on as it is; reading it says what is wrong."""
    try:
        return shape(record)
    except (KeyError, TypeError, AttributeError):
        return record


def _following(records: Sequence[Any], moment: str, offset: int) -> str:
    """The next page by its offset only within one and the same second."""
    last = str(records[-1].get("updated_at", "")) if records and isinstance(records[-1], dict) else ""
    return f"{last}|0|" if last > moment else f"{moment}|{offset + len(records)}|"


def _read(cursor: str) -> tuple[str, int]:
    """Moment and offset. Older checkpoints hold the number of a page of 100 instead, without the last bar."""
    moment, *rest_of = cursor.split("|")
    if not rest_of or not rest_of[0].isdecimal():
        raise UnknownCursor
    return moment, int(rest_of[0]) if len(rest_of) == 2 else (int(rest_of[0]) - 1) * ROWS[-1]
