"""What the nodes of one source are read with, and what every part of an item needs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from connectors import text
from connectors.contract import Setting
from connectors.github.options import Epics, Options
from connectors.item import DodLine, Link, State


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
    priority: Mapping[str, int] = field(default_factory=dict)
    states: Mapping[str, State] = field(default_factory=dict)

    def epics_of(self, repository: str) -> Epics:
        return self.epics.get(repository.lower()) or self.options.epics or "label"

    def repository_of(self, node: Mapping[str, Any]) -> str:
        """As it is written now; a source of one repository need not be told."""
        told = (node.get("repository") or {}).get("nameWithOwner")
        return str(told or self.options.repository or "?/?")

    def native_id(self, repository: str, number: int | str) -> str:
        """See ``Options``."""
        return str(number) if self.options.repository else f"{repository.lower()}#{number}"

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
        home = text.Home(self.site, "github", repository.lower())
        return text.find_dependencies(body, vocabulary, home)

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
        options, setting, today, options.site, epics or {}, project_id, ranks or {}, priority, states
    )


def moment_of(value: Any) -> datetime:
    """Aware, UTC. Raises ValueError or TypeError for what is no moment."""
    found = datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
