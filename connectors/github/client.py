"""GitHub issues as a source: repositories, with or without a Project, or a Project alone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from connectors.contract import Capabilities, Checkpoint, Lookup, Page, Quota, Setting
from connectors.github.native_ids import parse_native_ids
from connectors.github.options import Options
from connectors.github.reading.checkpoint import begun
from connectors.github.reading.delta import delta
from connectors.github.reading.look_up import look_up
from connectors.github.reading.pagination import follow_pages
from connectors.github.reading.scan import scan
from connectors.github.reading.source import Source
from connectors.item import Rejected, TrackerItem


class GitHub:
    """See ``connectors.contract.Connector``."""

    def __init__(self, options: Options, setting: Setting) -> None:
        self._source = Source(options, setting)

    @property
    def requests(self) -> int:
        return self._source.session.requests

    @property
    def quota(self) -> Quota | None:
        return self._source.session.quota

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        await self._source.discover()
        return await look_up(self._source, self._source.client, names)

    async def close(self) -> None:
        await self._source.session.close()

    async def probe(self) -> Capabilities:
        await self._source.discover(again=True)
        return self._source.capabilities()

    async def pages(self, since: Checkpoint | None) -> AsyncIterator[Page]:
        source = self._source
        await source.discover()
        mark = begun(since, source.repositories, source.session.now, source.present_names())
        async for page in scan(source, mark) if mark.is_scan else delta(source, mark):
            yield page

    async def read(self, native_ids: Sequence[str]) -> Page:
        """Also takes ``id/NODE`` for an issue of which only GitHub's node id is known."""
        source = await self._ordered()
        wanted = parse_native_ids(native_ids, source.options)
        nodes = await source.fetcher.issues_by_number(wanted.numbers) if wanted.numbers else []
        nodes += await source.fetcher.issues_by_id(wanted.ids) if wanted.ids else []
        if not (source.host.graphql or all(map(source.owns, nodes))):
            await source.discover(again=True)  # REST names no repository's id: it may have been renamed
        here = [node for node in nodes if source.owns(node)]
        return source.page(here, {}, await self._milestones(wanted.milestones))

    async def reread(self, answers: Mapping[str, bytes]) -> Page:
        source = await self._ordered()
        nodes: list[Any] = []
        epics: list[TrackerItem] = []
        rejected: list[Rejected] = []
        for native_id, answer in answers.items():
            node = orjson.loads(answer)
            of_milestone = parse_native_ids([native_id], source.options).milestones
            if not of_milestone:
                nodes.append(node)
            for repository in filter(source.has_milestone_epics, of_milestone):
                read, wrong = source.parse_milestones(repository, [node])
                epics, rejected = [*epics, *read], [*rejected, *wrong]
        return replace(source.page(nodes, {}, (epics, rejected)), changes=())

    async def _ordered(self) -> Source:
        """Ready to read items by themselves: a Project gives them their ranks."""
        source = self._source
        await source.discover()
        if source.options.project and source.project.order is None:
            source.project.take(await source.fetcher.order())
        return source

    async def _milestones(self, numbers: dict[str, list[int]]) -> tuple[list[TrackerItem], list[Rejected]]:
        items: list[TrackerItem] = []
        rejected: list[Rejected] = []
        for repository, wanted in numbers.items():
            read, wrong = await self._source.milestones(repository)
            names = {f"milestone-{number}" for number in wanted}
            items += [item for item in read if item.native_id.rpartition("#")[2] in names]
            rejected += wrong
        return items, rejected

    async def identities(self) -> AsyncIterator[Sequence[str]]:
        source = self._source
        await source.discover()
        context = source.parse_context()
        for repository in source.repositories:
            epics, _ = await source.milestones(repository)
            if epics:
                yield [one.identity for one in epics]
            async for nodes in follow_pages(partial(source.fetcher.identities, repository), None):
                yield [context.identity(one) for one in nodes.nodes]


def connect(options: Options, setting: Setting) -> GitHub:
    return GitHub(options, setting)
