"""Everything a running read of one source shares: host, repositories, order, and how nodes are read."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from connectors.contract import Capabilities, Page, Setting
from connectors.github.api.session import Session
from connectors.github.discovery.notes import notes_of
from connectors.github.discovery.repositories import Discovery, fetch_discovery
from connectors.github.fetcher import Fetcher
from connectors.github.graphql.client import GraphqlClient
from connectors.github.graphql.fetcher import GraphqlFetcher
from connectors.github.graphql.schema import Host, fetch_host
from connectors.github.graphql.selection import missing
from connectors.github.options import Options
from connectors.github.parse.context import ParseContext, parse_context
from connectors.github.parse.fields import row_of
from connectors.github.parse.history import changes_of
from connectors.github.parse.issue import Read, parse_all, parse_milestones, unmapped_priorities
from connectors.github.reading.project_watch import ProjectWatch
from connectors.github.rest import nodes as rest
from connectors.github.rest.fetcher import RestFetcher
from connectors.item import Rejected, TrackerItem

Plan = tuple[Any, ...]


class Source:
    def __init__(self, options: Options, setting: Setting) -> None:
        self.options = options
        self.setting = setting
        self.session = Session(options)
        self.project = ProjectWatch(alone=not options.repository_names)
        self.repositories: list[str] = list(options.repository_names) or [""]
        self._client: GraphqlClient | None = None
        self._host: Host | None = None
        self._fetcher: Fetcher | None = None
        self._discovery: Discovery | None = None
        self._plans: dict[tuple[str, int], Plan] = {}

    @property
    def host(self) -> Host:
        """As it turned out to be, which may be less than its schema says."""
        if self._client:
            return self._client.host
        if self._host is None:
            raise RuntimeError("discover first")
        return self._host

    @property
    def fetcher(self) -> Fetcher:
        if self._fetcher is None:
            raise RuntimeError("discover first")
        return self._fetcher

    @property
    def discovery(self) -> Discovery:
        if self._discovery is None:
            raise RuntimeError("discover first")
        return self._discovery

    async def discover(self, again: bool = False) -> None:
        """The schema once per connector, the repositories ``again`` at every probe."""
        if self._fetcher is None:
            self._host = await fetch_host(self.session)
            if self._host.graphql:
                self._client = GraphqlClient(self.session, self._host, self.options.project is not None)
                self._fetcher = GraphqlFetcher(self._client, self.options)
            else:
                self._fetcher = RestFetcher(self.session)
        if self._discovery is None or again:
            self._discovery = await fetch_discovery(
                self.session, self.host, self.options, self.setting.vocabulary
            )

    def capabilities(self) -> Capabilities:
        host, version = self.host, self.session.enterprise_version
        names = {one.name.lower() for one in self.discovery.repositories.values()}
        names |= {one.lower() for one in self.options.repository_names}
        return Capabilities(
            account=host.account,
            site=self.options.site,
            holds=tuple(f"github://{self.options.site}/{name}" for name in sorted(names)),
            fields=self.discovery.fields,
            missing=missing(host.issue_fields, self.options.project is not None)
            if host.graphql
            else rest.missing(version),
            notes=notes_of(self.options, host, self.discovery, version),
        )

    def parse_context(self) -> ParseContext:
        today = datetime.now(self.setting.timezone).date()
        order = self.project.order
        ranks: Mapping[str, str] = order.ranks if order else {}
        return parse_context(
            self.options, self.setting, today, self.discovery.epics, self.discovery.project_id, ranks
        )

    def owns(self, node: Any) -> bool:
        """Whether an issue read by itself still belongs here: it may have been transferred."""
        if not isinstance(node, dict):
            return False
        if "repository" not in node:  # not whole; reading it says what is wrong
            return True
        if not self.options.repository_names:
            return row_of(node, self.discovery.project_id) is not None
        name = str((node["repository"] or {}).get("nameWithOwner", "")).lower()
        return name in {one.name.lower() for one in self.discovery.repositories.values()}

    def page(
        self, nodes: Sequence[Any], checkpoint: Mapping[str, Any], milestones: Read | None = None
    ) -> Page:
        context = self.parse_context()
        epics: list[TrackerItem]
        wrong: list[Rejected]
        epics, wrong = milestones or ([], [])
        items, rejected = parse_all(nodes, context)
        return Page(
            items=[*epics, *items],
            checkpoint=checkpoint,
            rejected=[*wrong, *rejected],
            changes=[*changes_of(nodes, context), *self.project.moves_of(nodes, context)],
            unmapped=unmapped_priorities(items),
        )

    def has_milestone_epics(self, repository: str) -> bool:
        held = self.discovery.repositories.get(repository)
        return held is not None and held.epics == "milestone"

    async def milestones(self, repository: str) -> Read:
        """All of a repository's when they serve as epics."""
        if not self.has_milestone_epics(repository):
            return [], []
        nodes = await self.fetcher.milestones(repository)
        self.milestones_planned_anew(repository, nodes)
        return self.parse_milestones(repository, nodes)

    def parse_milestones(self, repository: str, nodes: Iterable[Any]) -> Read:
        return parse_milestones(nodes, self.discovery.repositories[repository].name, self.parse_context())

    def milestones_planned_anew(self, repository: str, milestones: Iterable[Any]) -> list[int]:
        """Milestones whose date, state or title changed since they were last seen: their issues have too."""
        found = []
        for one in milestones:
            number = one.get("number") if isinstance(one, dict) else None
            if not isinstance(number, int) or "unreadable" in one:
                continue
            key, plan = (repository, number), (one.get("dueOn"), one.get("state"), one.get("title"))
            if self._plans.get(key, plan) != plan:
                found.append(number)
            self._plans[key] = plan
        return found
