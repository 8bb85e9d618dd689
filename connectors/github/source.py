"""Everything a running read of one source shares: host, repositories, order, and how nodes are read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.contract import Capabilities, Page, Setting
from connectors.github import rest
from connectors.github.ask import Asker
from connectors.github.changes import changes_of
from connectors.github.discover import Host, Known, fetch_host, fetch_known
from connectors.github.fetch import Fetcher
from connectors.github.fields import row_of
from connectors.github.graph import GraphFetcher
from connectors.github.notes import notes_of
from connectors.github.options import Options
from connectors.github.parse import Read, parse_all, parse_milestones, unmapped_priorities
from connectors.github.project import ProjectWatch
from connectors.github.reading import Reading, reading
from connectors.github.rest_fetch import RestFetcher
from connectors.github.selection import missing
from connectors.github.session import Session
from connectors.item import Rejected, TrackerItem

Plan = tuple[Any, ...]


class Source:
    def __init__(self, options: Options, setting: Setting) -> None:
        self.options = options
        self.setting = setting
        self.session = Session(options)
        self.project = ProjectWatch(alone=not options.places)
        self.places: list[str] = list(options.places) or [""]
        self._asker: Asker | None = None
        self._host: Host | None = None
        self._fetcher: Fetcher | None = None
        self._known: Known | None = None
        self._plans: dict[tuple[str, int], Plan] = {}

    @property
    def host(self) -> Host:
        """As it turned out to be, which may be less than its schema says."""
        if self._asker:
            return self._asker.host
        if self._host is None:
            raise RuntimeError("discover first")
        return self._host

    @property
    def fetcher(self) -> Fetcher:
        if self._fetcher is None:
            raise RuntimeError("discover first")
        return self._fetcher

    @property
    def known(self) -> Known:
        if self._known is None:
            raise RuntimeError("discover first")
        return self._known

    async def discover(self, again: bool = False) -> None:
        """The schema once per connector, the repositories ``again`` at every probe."""
        if self._fetcher is None:
            self._host = await fetch_host(self.session)
            if self._host.graphql:
                self._asker = Asker(self.session, self._host, self.options.project is not None)
                self._fetcher = GraphFetcher(self._asker, self.options)
            else:
                self._fetcher = RestFetcher(self.session)
        if self._known is None or again:
            self._known = await fetch_known(self.session, self.host, self.options, self.setting.vocabulary)

    def capabilities(self) -> Capabilities:
        host, version = self.host, self.session.enterprise_version
        names = {one.name.lower() for one in self.known.repositories.values()}
        names |= {one.lower() for one in self.options.places}
        return Capabilities(
            account=host.account,
            site=self.options.site,
            holds=tuple(f"github://{self.options.site}/{name}" for name in sorted(names)),
            fields=self.known.fields,
            missing=missing(host.issue_fields, self.options.project is not None)
            if host.graphql
            else rest.missing(version),
            notes=notes_of(self.options, host, self.known, version),
        )

    def reading(self) -> Reading:
        today = datetime.now(self.setting.timezone).date()
        order = self.project.order
        ranks: Mapping[str, str] = order.ranks if order else {}
        return reading(self.options, self.setting, today, self.known.epics, self.known.project_id, ranks)

    def owns(self, node: Any) -> bool:
        """Whether an issue read by itself still belongs here: it may have been transferred."""
        if not isinstance(node, dict):
            return False
        if "repository" not in node:  # not whole; reading it says what is wrong
            return True
        if not self.options.places:
            return row_of(node, self.known.project_id) is not None
        name = str((node["repository"] or {}).get("nameWithOwner", "")).lower()
        return name in {one.name.lower() for one in self.known.repositories.values()}

    def page(
        self, nodes: Sequence[Any], checkpoint: Mapping[str, Any], milestones: Read | None = None
    ) -> Page:
        how = self.reading()
        epics: list[TrackerItem]
        wrong: list[Rejected]
        epics, wrong = milestones or ([], [])
        items, rejected = parse_all(nodes, how)
        return Page(
            items=[*epics, *items],
            checkpoint=checkpoint,
            rejected=[*wrong, *rejected],
            changes=[*changes_of(nodes, how), *self.project.moves_of(nodes, how)],
            unmapped=unmapped_priorities(items),
        )

    def has_milestone_epics(self, place: str) -> bool:
        held = self.known.repositories.get(place)
        return held is not None and held.epics == "milestone"

    async def milestones(self, place: str) -> Read:
        """All of a repository's when they serve as epics."""
        if not self.has_milestone_epics(place):
            return [], []
        nodes = await self.fetcher.milestones(place)
        self.replanned(place, nodes)
        return self.parse_milestones(place, nodes)

    def parse_milestones(self, place: str, nodes: Iterable[Any]) -> Read:
        return parse_milestones(nodes, self.known.repositories[place].name, self.reading())

    def replanned(self, place: str, milestones: Iterable[Any]) -> list[int]:
        """Milestones whose date, state or title changed since they were last seen: their issues have too."""
        found = []
        for one in milestones:
            number = one.get("number") if isinstance(one, dict) else None
            if not isinstance(number, int) or "unreadable" in one:
                continue
            key, plan = (place, number), (one.get("dueOn"), one.get("state"), one.get("title"))
            if self._plans.get(key, plan) != plan:
                found.append(number)
            self._plans[key] = plan
        return found
