"""One GitHub repository, with or without a Project, as a source."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any

from connectors.contract import Capabilities, Checkpoint, Page, Setting
from connectors.github import checkpoint as marks
from connectors.github import queries, rest
from connectors.github.discover import Host, Known, fetch_host, fetch_known
from connectors.github.fetch import Fetcher, GraphFetcher, Nodes, RestFetcher
from connectors.github.options import Options
from connectors.github.parse import Reading, parse_all, parse_milestone, reading, unmapped_priorities
from connectors.github.session import Session
from connectors.item import TrackerItem


class GitHub:
    """See ``connectors.contract.Connector``."""

    def __init__(self, options: Options, setting: Setting) -> None:
        self.options = options
        self.setting = setting
        self._session = Session(options)
        self._host: Host | None = None
        self._known: Known | None = None
        self._fetcher: Fetcher | None = None
        self._ranks: dict[str, str] | None = None

    @property
    def requests(self) -> int:
        return self._session.requests

    async def close(self) -> None:
        await self._session.close()

    async def probe(self) -> Capabilities:
        host, known, _ = await self._discover(again=True)
        site, name = self.options.site, self.options.repository.lower()
        lacking = queries.missing(host.issue_fields) if host.graphql else list(rest.MISSING)
        return Capabilities(
            account=host.account,
            site=site,
            holds=(f"github://{site}/{name}",),
            missing=lacking,
            notes=(f"epics by {known.epics}",),
        )

    async def _discover(self, again: bool = False) -> tuple[Host, Known, Fetcher]:
        """The schema once per connector, the repository ``again`` at every probe."""
        if self._host is None or self._fetcher is None:
            self._host = await fetch_host(self._session)
            graph = self._host.graphql
            self._fetcher = (
                GraphFetcher(self._session, self.options, self._host)
                if graph
                else RestFetcher(self._session, self.options)
            )
        if self._known is None or again:
            vocabulary = self.setting.vocabulary
            self._known = await fetch_known(self._session, self._host, self.options, vocabulary)
        return self._host, self._known, self._fetcher

    async def _reading(self, fresh_order: bool) -> Reading:
        _, known, fetcher = await self._discover()
        if self._ranks is None or fresh_order:
            self._ranks = await fetcher.order()
        today = datetime.now(self.setting.timezone).date()
        return reading(self.options, self.setting, today, known.epics, known.project_id, self._ranks)

    async def pages(self, since: Checkpoint | None) -> AsyncIterator[Page]:
        _, known, fetcher = await self._discover()
        full = since is None or "scan" in since
        how = await self._reading(fresh_order=full)
        began = datetime.fromisoformat(since["began"]) if since and "scan" in since else self._session.now
        cursor: str | None = since["scan"] if since and "scan" in since else None
        seen: dict[str, str] = dict(since["seen"]) if since and not full else {}
        milestones = await self._milestones(how)
        asked = marks.ask_since(since) if since and not full else None
        async for nodes in self._prefetched(fetcher, cursor, asked):
            items, rejected = parse_all(marks.unseen(nodes.nodes, seen), how)
            marks.remember(nodes.nodes, seen, began)
            yield Page(
                items=[*milestones, *items],
                checkpoint=self._mark(nodes, full, began, seen, since),
                rejected=rejected,
                unmapped=unmapped_priorities(items),
                definition_of_done=known.definition_of_done,
                total=nodes.total if full else None,
            )
            milestones = []

    def _mark(
        self, nodes: Nodes, full: bool, began: datetime, seen: dict[str, str], since: Checkpoint | None
    ) -> Checkpoint:
        """A delta that is cut off starts again where it did."""
        if nodes.cursor is None:
            return marks.finished(began, seen)
        return marks.scanning(nodes.cursor, began) if full or since is None else since

    async def _prefetched(
        self, fetcher: Fetcher, cursor: str | None, since: str | None
    ) -> AsyncIterator[Nodes]:
        """Page after page; the next is on its way while one is read."""
        under_way = asyncio.create_task(fetcher.page(cursor, since))
        try:
            while True:
                nodes = await under_way
                if nodes.cursor is None:
                    yield nodes
                    return
                under_way = asyncio.create_task(fetcher.page(nodes.cursor, since))
                yield nodes
        finally:
            under_way.cancel()
            await asyncio.gather(under_way, return_exceptions=True)

    async def _milestones(self, how: Reading) -> list[TrackerItem]:
        if how.epics != "milestone":
            return []
        _, _, fetcher = await self._discover()
        return [parse_milestone(one, how) for one in await fetcher.milestones()]

    async def read(self, native_ids: Sequence[str]) -> Page:
        _, known, fetcher = await self._discover()
        how = await self._reading(fresh_order=False)
        numbers = [int(one) for one in native_ids if one.isdecimal()]
        nodes: list[Any] = await fetcher.numbers(numbers, known.repository_id) if numbers else []
        items, rejected = parse_all(nodes, how)
        wanted = {one for one in native_ids if one.startswith("milestone-")}
        if wanted:
            items += [one for one in await self._milestones(how) if one.native_id in wanted]
        return Page(items, {}, rejected, unmapped=unmapped_priorities(items))


def connect(options: Options, setting: Setting) -> GitHub:
    return GitHub(options, setting)
