"""The searches over one source, in Cloud's way and in Data Center's."""

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from connectors.contract import SourceError
from connectors.jira.http.gateway import Gateway
from connectors.jira.options import Options
from connectors.jira.parse.links import reference
from connectors.jira.reading import query
from connectors.jira.reading.checkpoint import moment_of
from connectors.jira.reading.discovery import SiteProfile
from connectors.jira.reading.history import CHANGELOG
from connectors.jira.reading.page_size import PageSize, is_perhaps_too_much
from connectors.jira.reading.paging import ByPositions, ResultPage, by_token
from connectors.jira.reading.query import Group, Window

PAGE = 100  # issues; also the most that Cloud gives
IDS = 5000  # ids in a page of Cloud
IDS_DATA_CENTER = 1000  # and the usual limit of a Data Center
RECONCILED = 50  # issues whose freshness one search of Cloud vouches for
_GROUPED = re.compile(r"(sprint|version):(\d+)")
_GROUPS: dict[str, Group] = {"sprint": "sprint", "version": "fixVersion"}

Issue = Mapping[str, Any]
Answer = Mapping[str, Any]
Jql = Callable[[Window], str]


class Search:
    def __init__(self, gateway: Gateway, options: Options, profile: SiteProfile) -> None:
        self._gateway = gateway
        self._options = options
        self._profile = profile
        self._wanted = profile.fields.wanted()
        self._size = PageSize(PAGE)

    async def count(self) -> int | None:
        """Data Center says it on every page."""
        if not self._profile.dialect.is_cloud:
            return None
        return await self._gateway.count(self._changed("created")(Window()))

    def created(self, since: float | None) -> AsyncGenerator[ResultPage]:
        return self._walk(self._changed("created"), "created", since, ())

    def updated(self, since: float) -> AsyncGenerator[ResultPage]:
        """With the changelog where it comes along."""
        return self._walk(self._changed("updated"), "updated", since, (CHANGELOG,))

    def _changed(self, by: query.By) -> Jql:
        return lambda window: query.changed(self._options, by, window, self._profile.dialect.zone)

    async def _walk(
        self, jql: Jql, by: query.By, since: float | None, expand: Sequence[str]
    ) -> AsyncGenerator[ResultPage]:
        async def after(token: str | None) -> Answer:
            return await self._size.ask(
                lambda rows: self._gateway.search_by_token(jql(Window(since)), self._wanted, rows, token)
            )

        async def at(window: Window, position: int) -> Answer:
            return await self._search_at(jql(window), position, expand)

        positions = ByPositions(at, lambda issue: moment_of(issue, by))
        pages = by_token(after) if self._profile.dialect.is_cloud else positions.pages(since)
        async with aclosing(pages) as results:
            async for result in results:
                yield result

    async def _search_at(self, jql: str, position: int, expand: Sequence[str] = (CHANGELOG,)) -> Answer:
        """Of Data Center. Where one issue's changelog fails the page it is read without: history.py looks."""
        if expand:
            try:
                return await self._gateway.search_at(jql, self._wanted, self._size.rows, position, expand)
            except SourceError as error:
                if not is_perhaps_too_much(error):
                    raise
        return await self._size.ask(lambda rows: self._gateway.search_at(jql, self._wanted, rows, position))

    async def identities(self) -> AsyncGenerator[Sequence[str]]:
        dialect = self._profile.dialect
        size = PageSize(IDS if dialect.is_cloud else IDS_DATA_CENTER)

        async def after(token: str | None) -> Answer:
            jql = query.visible(self._options, dialect, Window())
            return await size.ask(lambda rows: self._gateway.search_by_token(jql, ["id"], rows, token))

        async def at(window: Window, position: int) -> Answer:
            jql = query.visible(self._options, dialect, window)
            return await size.ask(lambda rows: self._gateway.search_at(jql, ["created"], rows, position))

        positions = ByPositions(at, lambda issue: moment_of(issue, "created"))
        async with aclosing(by_token(after) if dialect.is_cloud else positions.pages(None)) as pages:
            async for page_of_ids in pages:
                yield [reference(self._profile.site.name, one) for one in page_of_ids.issues if one.get("id")]

    async def fetch_named(self, names: Sequence[str]) -> list[Issue]:
        """Issues by id, and the open ones of ``sprint:7`` or ``version:7``, as they are now."""
        ids = [one for one in names if one.isdigit()]
        issues: dict[str, Issue] = {}
        for one in names:
            if grouped := _GROUPED.fullmatch(one):
                issues |= _by_id(await self._of_group(_GROUPS[grouped[1]], grouped[2]))
        for start in range(0, len(ids), PAGE):
            issues |= _by_id(await self._in_parts(ids[start : start + PAGE]))
        return list(issues.values())

    async def _of_group(self, group: Group, number: str) -> list[Issue]:
        """Nothing where there is no such sprint or release any more, which Jira calls a wrong query."""
        issues: list[Issue] = []
        jql = query.grouped(self._options, group, number)
        try:
            async with aclosing(self._walk(lambda _: jql, "created", None, (CHANGELOG,))) as pages:
                async for page in pages:
                    issues += page.issues
        except SourceError as error:
            if error.reason != "mapping":
                raise
        return issues

    async def _in_parts(self, ids: Sequence[str]) -> list[Issue]:
        """By halves where a host fails at so many; the first one tells whether it is there at all."""
        try:
            return await self._by_ids(ids)
        except SourceError as error:
            if len(ids) == 1 or not is_perhaps_too_much(error):
                raise
        half = (len(ids) + 1) // 2
        issues = list(await self._by_ids(ids[:1]))
        for part in (ids[1:half], ids[half:]):
            issues += await self._in_parts(part) if part else ()
        return issues

    async def _by_ids(self, ids: Sequence[str]) -> list[Issue]:
        if not self._profile.dialect.is_cloud:
            return await self._by_ids_on_data_center(ids)
        answer = await self._gateway.bulk_fetch(ids, self._wanted)
        inside = [one for one in answer["issues"] if self._is_ours(one)]
        if not inside or not self._options.filter:
            return inside
        fitting = await self._fitting([str(one["id"]) for one in inside if one.get("id")])
        return [one for one in inside if str(one.get("id", "")) in {*fitting, ""}]

    async def _fitting(self, ids: Sequence[str]) -> set[str]:
        """Those that the source's filter selects, by an index that is made to know their latest."""
        fitting: set[str] = set()
        for start in range(0, len(ids), RECONCILED):
            some = ids[start : start + RECONCILED]
            jql = query.among(self._options, some)
            answer = await self._gateway.search_by_token(jql, ["id"], PAGE, None, some)
            fitting.update(str(one["id"]) for one in answer.get("issues") or ())
        return fitting

    async def _by_ids_on_data_center(self, ids: Sequence[str]) -> list[Issue]:
        """The index first; what it does not know yet may still be there, unless a filter decides."""
        issues: dict[str, Issue] = {}
        while rest := [one for one in ids if one not in issues]:
            jql = query.among(self._options, rest)
            answer = await self._search_at(jql, 0)
            indexed = _by_id(answer["issues"])
            issues |= indexed
            if not indexed or int(answer["total"]) <= len(indexed):
                break
        if self._options.filter:
            return list(issues.values())
        missed = [one for one in ids if one not in issues]
        asked = (self._gateway.issue(one, self._wanted) for one in missed)
        late = [one for one in await asyncio.gather(*asked) if one is not None and self._is_ours(one)]
        return [*issues.values(), *late]

    def _is_ours(self, issue: Issue) -> bool:
        """By the project's id, for its key may have been renamed."""
        project = (issue.get("fields") or {}).get("project")
        if isinstance(project, dict) and project.get("id"):
            return str(project["id"]) == self._profile.project_id
        key = issue.get("key")
        return key is None or str(key).rpartition("-")[0] == self._options.project


def _by_id(issues: Sequence[Issue]) -> dict[str, Issue]:
    return {str(one.get("id")): one for one in issues}
