"""GitHub issues as a source: repositories, with or without a Project, or a Project alone."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import orjson

from connectors.contract import Capabilities, Checkpoint, Lookup, Page, Setting
from connectors.github.checkpoint import begun
from connectors.github.delta import delta
from connectors.github.options import Options
from connectors.github.place import sort_out
from connectors.github.scan import scan
from connectors.github.source import Source
from connectors.github.walk import walk
from connectors.item import Rejected, TrackerItem


class GitHub:
    """See ``connectors.contract.Connector``."""

    def __init__(self, options: Options, setting: Setting) -> None:
        self._source = Source(options, setting)

    @property
    def requests(self) -> int:
        return self._source.session.requests

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        return {}

    async def close(self) -> None:
        await self._source.session.close()

    async def probe(self) -> Capabilities:
        await self._source.discover(again=True)
        return self._source.capabilities()

    async def pages(self, since: Checkpoint | None) -> AsyncIterator[Page]:
        source = self._source
        await source.discover()
        mark = begun(since, source.places, source.session.now)
        async for page in scan(source, mark) if mark.is_scan else delta(source, mark):
            yield page

    async def read(self, native_ids: Sequence[str]) -> Page:
        """Also takes ``id/NODE`` for an issue of which only GitHub's node id is known."""
        source = await self._ordered()
        wanted = sort_out(native_ids, source.options)
        nodes = await source.fetcher.by_number(wanted.numbers) if wanted.numbers else []
        nodes += await source.fetcher.by_id(wanted.ids) if wanted.ids else []
        here = [one for one in nodes if source.owns(one)]
        return source.page(here, {}, await self._milestones(wanted.milestones))

    async def reread(self, answers: Mapping[str, bytes]) -> Page:
        source = await self._ordered()
        nodes: list[Any] = []
        epics: list[TrackerItem] = []
        rejected: list[Rejected] = []
        for native_id, answer in answers.items():
            node = orjson.loads(answer)
            places = sort_out([native_id], source.options).milestones
            if not places:
                nodes.append(node)
            for place in filter(source.has_milestone_epics, places):
                found, wrong = source.parse_milestones(place, [node])
                epics, rejected = [*epics, *found], [*rejected, *wrong]
        return replace(source.page(nodes, {}, (epics, rejected)), changes=())

    async def _ordered(self) -> Source:
        """Ready to read items by themselves: a Project gives them their ranks."""
        source = self._source
        await source.discover()
        if source.options.project and source.project.order is None:
            await source.project.refresh(source.fetcher)
        return source

    async def _milestones(self, numbers: dict[str, list[int]]) -> tuple[list[TrackerItem], list[Rejected]]:
        items: list[TrackerItem] = []
        rejected: list[Rejected] = []
        for place, wanted in numbers.items():
            found, wrong = await self._source.milestones(place)
            names = {f"milestone-{number}" for number in wanted}
            items += [one for one in found if one.native_id.rpartition("#")[2] in names]
            rejected += wrong
        return items, rejected

    async def identities(self) -> AsyncIterator[Sequence[str]]:
        source = self._source
        await source.discover()
        how = source.reading()
        for place in source.places:
            epics, _ = await source.milestones(place)
            if epics:
                yield [one.identity for one in epics]
            async for nodes in walk(partial(source.fetcher.identities, place), None):
                yield [how.identity(one) for one in nodes.nodes]


def connect(options: Options, setting: Setting) -> GitHub:
    return GitHub(options, setting)
