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
from connectors.github.fetcher import LARGEST, Nodes, Order
from connectors.github.rest import nodes as rest
from connectors.transport import Answer, with_retries


class RestFetcher:
    """See ``connectors.github.fetch.Fetcher``."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def page(self, repository: str, cursor: str | None, since: str | None) -> Nodes:
        found, goes_on = await self._page(repository, cursor, since)
        nodes = await asyncio.gather(*(self._node(one) for one in found if not rest.is_pull_request(one)))
        return Nodes(nodes, goes_on)

    async def _page(
        self, repository: str, cursor: str | None, since: str | None
    ) -> tuple[list[Any], str | None]:
        moment, number = _read(cursor) if cursor else (since or "", 1)
        asked = {"state": "all", "sort": "updated", "direction": "asc", "per_page": LARGEST, "page": number}
        query = urlencode({**asked, "since": moment} if moment else asked)
        found, answer = await self._get(f"/repos/{repository}/issues?{query}")
        if not isinstance(found, list):
            raise SourceError("answer", "GitHub answered with something else than a list of issues")
        has_next = 'rel="next"' in answer.headers.get("link", "")
        return found, _following(found, moment, number) if has_next else None

    async def identities(self, repository: str, cursor: str | None) -> Nodes:
        found, goes_on = await self._page(repository, cursor, None)
        issues = [one for one in found if isinstance(one, dict) and not rest.is_pull_request(one)]
        return Nodes([one["node_id"] for one in issues if "node_id" in one], goes_on)

    async def repositories_with_news(self, sinces: Mapping[str, str], seen: Mapping[str, str]) -> list[str]:
        return list(sinces)  # asking would cost as much as reading

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
        node = _shaped(issue, rest.to_node)
        if node is issue:
            return issue
        for name, part in rest.counted(issue):
            node[name] = {"nodes": await self._dependencies(f"{rest.path_of(issue)}/dependencies/{part}")}
        return node

    async def _dependencies(self, path: str) -> list[dict[str, Any]]:
        """None where the host counts them but has no such list; they then count as hidden."""
        try:
            return [rest.to_reference(one) for one in await self._all(path)]
        except SourceError as error:
            if error.reason == "not-found":
                return []
            raise

    async def _all(self, path: str, state: str | None = None) -> list[Any]:
        """Every page of a list of what hardly fills one."""
        found: list[Any] = []
        number = 1
        while True:
            asked = {"per_page": LARGEST, "page": number, **({"state": state} if state else {})}
            page, answer = await self._get(f"{path}?{urlencode(asked)}")
            found += page
            if 'rel="next"' not in answer.headers.get("link", ""):
                return found
            number += 1

    async def _get(self, path: str) -> tuple[Any, Answer]:
        return await with_retries(lambda: self.session.rest(path))


def _shaped(record: Any, shape: Callable[[Any], dict[str, Any]]) -> Any:
    """A record that is not whole goes on as it is; reading it says what is wrong."""
    try:
        return shape(record)
    except (KeyError, TypeError, AttributeError):
        return record


def _following(found: Sequence[Any], moment: str, number: int) -> str:
    """The next page by number only within one and the same second."""
    last = str(found[-1].get("updated_at", "")) if found and isinstance(found[-1], dict) else ""
    return f"{last}|1" if last > moment else f"{moment}|{number + 1}"


def _read(cursor: str) -> tuple[str, int]:
    moment, separator, number = cursor.partition("|")
    if not separator or not number.isdecimal():
        raise UnknownCursor
    return moment, int(number)
