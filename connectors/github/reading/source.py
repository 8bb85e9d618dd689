"""Everything a running read of one source shares: host, repositories, order, and how nodes are read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from connectors.contract import Capabilities, Page, Setting
from connectors.github.api.session import Session
from connectors.github.discovery.notes import notes_of
from connectors.github.discovery.repositories import Discovery, Repository, fetch_discovery
from connectors.github.fetcher import Fetcher
from connectors.github.graphql.client import GraphqlClient
from connectors.github.graphql.fetcher import GraphqlFetcher
from connectors.github.graphql.schema import Host, fetch_host
from connectors.github.options import Options
from connectors.github.parse.context import ParseContext, parse_context
from connectors.github.parse.fields import row_of
from connectors.github.parse.history import changes_of
from connectors.github.parse.issue import Read, parse_all, parse_milestones, unmapped_priorities
from connectors.github.queries.selection import missing
from connectors.github.reading.project_watch import ProjectWatch
from connectors.github.renames import former_names, learn, recognise
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
        self.client: GraphqlClient | None = None
        self._host: Host | None = None
        self._fetcher: Fetcher | None = None
        self._discovery: Discovery | None = None
        self._plans: dict[tuple[str, int], Plan] = {}

    @property
    def host(self) -> Host:
        """As it turned out to be, which may be less than its schema says."""
        if self.client:
            return self.client.host
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
                self.client = GraphqlClient(self.session, self._host, self.options.project is not None)
                self._fetcher = GraphqlFetcher(self.client, self.options)
            else:
                self._fetcher = RestFetcher(self.session)
        if self._discovery is None or again:
            before, self._discovery = (
                self._discovery,
                await fetch_discovery(self.session, self.client, self.options, self.setting.vocabulary),
            )
            self._learn_renames(before.repositories if before else {})

    def _learn_renames(self, before: Mapping[str, Repository]) -> None:
        """A repository may have been renamed more than once: each of its names means it."""
        for configured, held in self.discovery.repositories.items():
            earlier = before.get(configured)
            if earlier and earlier.id == held.id and earlier.name != held.name:
                learn(self.options.site, earlier.name, held.name)

    def capabilities(self) -> Capabilities:
        host, version = self.host, self.session.enterprise_version
        names = {one.name.lower() for one in self.discovery.repositories.values()}
        return Capabilities(
            account=host.account,
            site=self.options.site,
            holds=tuple(f"github://{self.options.site}/{name}" for name in sorted(names)),
            fields=self.discovery.fields,
            missing=missing(host.issue_fields, self.options.project is not None)
            if host.graphql
            else rest.missing(version),
            notes=notes_of(self.options, host, self.discovery, version),
            aliases={
                f"github://{self.options.site}/{former}": f"github://{self.options.site}/{present}"
                for former, present in former_names(self.options.site).items()
                if present in names
            },
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
        home = node["repository"] or {}
        for configured, held in self.discovery.repositories.items():
            if home.get("id") == held.id:
                self._note_name(configured, home["nameWithOwner"])
                return True
        return str(home.get("nameWithOwner", "")).lower() in self.present_names().values()

    def present_names(self) -> dict[str, str]:
        """By the name in the product file, in lower case."""
        return {name: held.name.lower() for name, held in self.discovery.repositories.items()}

    def note_names(self, configured: str, nodes: Sequence[Any]) -> None:
        """Issues say what their repository is called now: it may have been renamed since the last probe."""
        for node in nodes:
            name = (node.get("repository") or {}).get("nameWithOwner") if isinstance(node, dict) else None
            if name and configured in self.discovery.repositories and "unreadable" not in node:
                self._note_name(configured, str(name))
                return

    def note_present_names(self, names: Mapping[str, str]) -> None:
        """By the name in the product file, as GitHub just wrote them."""
        for configured, name in names.items():
            self._note_name(configured, name)

    def _note_name(self, configured: str, name: str) -> None:
        held = self.discovery.repositories[configured]
        if held.name == name:
            return
        learn(self.options.site, held.name, name)
        learn(self.options.site, configured, name)
        recognise(self.options.site, held.id, name)
        renamed = {**self.discovery.repositories, configured: replace(held, name=name)}
        self._discovery = replace(self.discovery, repositories=renamed)

    def page(
        self,
        nodes: Sequence[Any],
        checkpoint: Mapping[str, Any],
        milestones: Read | None = None,
        place: str | None = None,
    ) -> Page:
        """``place`` says where a record without a name was found: "acme/web, page 3"."""
        context = self.parse_context()
        epics: list[TrackerItem]
        wrong: list[Rejected]
        epics, wrong = milestones or ([], [])
        items, rejected = parse_all(nodes, context, place or self.name)
        return Page(
            items=[*epics, *items],
            checkpoint=checkpoint,
            rejected=[*wrong, *rejected],
            changes=[*changes_of(nodes, context), *self.project.moves_of(nodes, context)],
            unmapped=unmapped_priorities(items),
        )

    @property
    def name(self) -> str:
        options = self.options
        return options.repository or options.project or options.key

    def place(self, repository: str, page: int) -> str:
        held = self.discovery.repositories.get(repository)
        return f"{held.name if held else self.name}, page {page}"

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
        numbers = []
        for one in milestones:
            number = one.get("number") if isinstance(one, dict) else None
            if not isinstance(number, int) or "unreadable" in one:
                continue
            key, plan = (repository, number), (one.get("dueOn"), one.get("state"), one.get("title"))
            if self._plans.get(key, plan) != plan:
                numbers.append(number)
            self._plans[key] = plan
        return numbers
