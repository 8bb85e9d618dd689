"""What the nodes of one source are read with, and what every part of an item needs. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from connectors import text
from connectors.contract import Setting
from connectors.github.native_ids import native_id
from connectors.github.options import Epics, Options
from connectors.github.renames import former_names
from connectors.item import DodLine, Link, State
from connectors.reference import TextLocation


@dataclass(frozen=True, slots=True)
class ParseContext:
    """``epics`` by repository in lower case; one that is not in it marks its epics by label."""

    options: Options
    setting: Setting
    today: date
    site: str
    epics: Mapping[str, Epics]
    project_id: str | None = None
    ranks: Mapping[str, str] = field(default_factory=dict)  # by node id
    renames: Mapping[str, str] = field(default_factory=dict)  # a repository's older name → its present one
    priority: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)

    def epics_of(self, repository: str) -> Epics:
        return self.epics.get(repository.lower()) or self.options.epics or "label"

    def repository_of(self, node: Mapping[str, Any]) -> str:
        """As it is written now; a source of one repository need not be told."""
        name = (node.get("repository") or {}).get("nameWithOwner")
        return str(name or self.options.repository or "?/?")

    def native_id(self, repository: str, number: int | str) -> str:
        """See ``Options``."""
        return native_id(self.options, repository, number)

    def name(self, repository: str, number: int) -> str:
        return f"github://{self.site}/{repository.lower()}#{number}"

    def identity(self, node_id: str) -> str:
        return f"github://{self.site}/id/{node_id}"

    def day(self, moment: str) -> date:
        """A moment as a day in the product's zone."""
        return moment_of(moment).astimezone(self.setting.timezone).date()

    def text_links(self, body: str, repository: str) -> tuple[Link, ...]:
        vocabulary = self.setting.vocabulary
        if not body or not text.may_have_dependencies(body, vocabulary):
            return ()
        location = TextLocation(self.site, "github", repository.lower())
        links = text.find_dependencies(body, vocabulary, location)
        return tuple(replace(link, ref=self.present(link.ref)) for link in links) if self.renames else links

    def present(self, ref: str) -> str:
        """A reference under a repository's present name; others as they are."""
        for start in (f"github://{self.site}/", "github:"):
            if ref.startswith(start):
                parts = re.fullmatch(r"([^/#]+/[^/#]+)([/#].+)", ref.removeprefix(start))
                name = self.renames.get(parts[1].lower()) if parts else None
                return f"{start}{name}{parts[2]}" if parts and name else ref
        return ref

    def dod(self, body: str) -> tuple[DodLine, ...]:
        return text.dod_section(body, self.setting.vocabulary) if body else ()


def parse_context(
    options: Options,
    setting: Setting,
    today: date,
    epics: Mapping[str, Epics] | None = None,
    project_id: str | None = None,
    ranks: Mapping[str, str] | None = None,
) -> ParseContext:
    """The source's own mapping goes before the vocabulary."""
    own = {word.strip().casefold(): figure for word, figure in options.mapping.priority.items()}
    states = {word.strip().casefold(): state for word, state in options.mapping.state.items()}
    priority = {**setting.vocabulary.priority, **own}
    return ParseContext(
        options=options,
        setting=setting,
        today=today,
        site=options.site,
        epics=epics or {},
        project_id=project_id,
        ranks=ranks or {},
        renames=former_names(options.site),
        priority=priority,
        states=states,
    )


def moment_of(value: Any) -> datetime:
    """Aware, UTC. Raises ValueError or TypeError for what is no moment."""
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
