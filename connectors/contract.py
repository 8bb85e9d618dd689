"""What every connector offers, and the errors it may raise. See CONTRIBUTING, "Add a connector"."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from connectors.item import Change, Rejected, TrackerItem
from connectors.vocabulary import Vocabulary

Checkpoint = Mapping[str, Any]
"""Opaque to everyone but its connector; JSON. Handing it back continues from there."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a connector must know of the product besides its own options."""

    vocabulary: Vocabulary
    timezone: ZoneInfo
    components: frozenset[str] = frozenset()  # every component the product file names, casefolded


@dataclass(frozen=True, slots=True)
class Page:
    """Items of one page, with the checkpoint to store once they are in.

    ``items`` may repeat one of an earlier page; the newest wins. ``definition_of_done`` holds
    lines of a document that stands for the whole source (DEFINITION_OF_DONE.md), None when the
    page says nothing of it.
    """

    items: Sequence[TrackerItem]
    checkpoint: Checkpoint
    rejected: Sequence[Rejected] = ()
    restricted: Sequence[str] = ()  # identities of items left out for a security level
    changes: Sequence[Change] = ()  # of the tracker's own history, in any order; may repeat
    unmapped: Mapping[str, Sequence[str]] = field(default_factory=dict)  # {"priority": ["P-High"]}
    definition_of_done: Sequence[str] | None = None
    total: int | None = None  # of the whole read, where the tracker says


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this source turned out to be and to hold. ``notes`` are sentences for ``attune check``."""

    account: str
    site: str
    holds: Sequence[str] = ()  # canonical prefixes: "jira://SITE/ONL", "github://SITE/acme/web"
    watermark: datetime | None = None
    fields: Mapping[str, str] = field(default_factory=dict)  # {"due": "Target end (customfield_10023)"}
    missing: Sequence[str] = ()  # what this host lacks and attune therefore cannot see
    notes: Sequence[str] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)  # an older prefix → the one in ``holds``


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a tracker says of a name that no stored item answers to.

    ``item``: it exists, under ``identity``, and is called ``name`` now (the tracker may have redirected).
    ``other``: something exists that is no item, such as a pull request. ``hidden``: an issue behind a
    security level. ``absent``: there is no such thing, or this account may not see it.
    """

    state: Literal["item", "other", "hidden", "absent"]
    identity: str | None = None  # canonical reference
    name: str | None = None  # canonical reference


class Quota(NamedTuple):
    """What the tracker says is left of a credential's limit, whoever uses it."""

    remaining: int
    limit: int
    resets_at: datetime  # aware, UTC


class Connector(Protocol):
    """One source, read with one credential."""

    @property
    def requests(self) -> int:
        """HTTP requests made so far."""
        ...

    @property
    def quota(self) -> Quota | None:
        """None before the first answer, and where the tracker says nothing of the kind."""
        ...

    async def probe(self) -> Capabilities:
        """Prove who we are and discover the source's fields; no item is read.

        Raises SourceError when the credential, the project or a mapped field is wrong.
        """
        ...

    def pages(self, since: Checkpoint | None) -> AsyncIterator[Page]:
        """Everything (``since`` None: a full scan) or what changed after a checkpoint, oldest first.

        A full scan yields every item the source holds. A checkpoint taken inside an unfinished
        full scan continues it. Raises SourceError.
        """
        ...

    async def read(self, native_ids: Sequence[str]) -> Page:
        """These items as they are now, with all their parts; those that are gone are simply not in the page.

        ``pages`` may leave parts of an item for later, or do without one that fails; the item names them in
        ``unread``, what is stored of these parts stays, and ``read`` is asked for them in the background.
        A tracker that gives transferred items a new identity is asked for them by their key ("acme/web#9").
        """
        ...

    async def reread(self, answers: Mapping[str, bytes]) -> Page:
        """Items from answers that were kept (``raw``), by native id, as the options have them read now.

        No item is asked of the tracker; what it must know otherwise may be. Raises SourceError.
        """
        ...

    def identities(self) -> AsyncIterator[Sequence[str]]:
        """References of all items the source selects, for few requests: ids only, nothing is parsed.

        Items left out for a security level are not among them. Raises SourceError.
        """
        ...

    async def look_up(self, names: Sequence[str]) -> Mapping[str, Lookup]:
        """What exists under these canonical references by name, all on this source's site; by reference.

        They are asked in batches, whatever the source selects. Names that the tracker still redirects (a
        moved issue, a re-keyed project, a transferred issue, a renamed repository) lead to what they mean.
        A name that could not be asked this time is left out. Raises SourceError.
        """
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Hook:
    """A verified tracker webhook: which delivery it was, and which items to read again.

    ``native_ids`` empty: nothing here concerns items. ``rescan``: it concerns more than can be
    named (a sprint, a version), so a delta read is due.
    """

    delivery: str
    event: str
    native_ids: Sequence[str] = ()
    deleted: Sequence[str] = ()
    rescan: bool = False
    moved: Mapping[str, str] = field(default_factory=dict)  # native id → identity under which it goes on


NO_ALIASES: Mapping[str, str] = MappingProxyType({})


class Kind(Protocol):
    """What the package of a connector (``connectors/<type>/__init__.py``) exports."""

    Options: type[Any]  # a subclass of connectors.options.SourceOptions with ``type: Literal[...]``

    def connect(self, options: Any, setting: Setting) -> Connector: ...

    def receive(
        self, options: Any, headers: Mapping[str, str], body: bytes, aliases: Mapping[str, str] = NO_ALIASES
    ) -> Hook:
        """Verify a webhook over its raw bytes and read it; raises ForgedHook or MalformedHook.

        ``aliases`` as in ``Capabilities``, when the source was last probed: maybe by another process.
        """
        ...


Reason = Literal["unreachable", "authentication", "not-found", "limited", "mapping", "answer", "suspicious"]


class SourceError(Exception):
    """A source cannot be read. ``str()`` is one sentence for a person, without any secret.

    ``reason`` decides what happens: ``limited`` waits ``retry_after`` seconds, ``unreachable``
    is tried again later, the others stay failing until someone mends them.
    """

    def __init__(self, reason: Reason, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.retry_after = retry_after


class ForgedHook(Exception):
    """The signature of an inbound webhook is missing or wrong."""


class MalformedHook(Exception):
    """A correctly signed webhook whose body cannot be read."""
