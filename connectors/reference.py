"""Every form that a reference to an item takes, and what it means: tracker, site, container, number.

The forms are those of connectors/item.py, what people write ("ONL-12", "#12", "acme/web#12") and the
addresses under which a browser shows an issue. No other module knows them. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Tracker = Literal["jira", "github"]

HAS_SITE = "%://%"
"""As SQL's LIKE: canonical references; the others do not say on which site they live."""
IS_NATIVE_ID = "%/id/%"
IS_NUMBERED = "%#%"
"""A repository's owner may be called "id": an issue's name there holds ``/id/`` too, and this sign."""
IS_MILESTONE = "%/milestone/%"

_SEPARATORS: Mapping[str, str] = {"jira": "-", "github": "#"}


@dataclass(frozen=True, slots=True)
class Reference:
    """An item by what people call it. ``site`` is None where that is not said.

    ``container`` is a Jira project's key, or a GitHub repository ("acme/web").
    """

    tracker: Tracker
    site: str | None
    container: str
    number: str

    def __str__(self) -> str:
        """Canonical: ``jira://SITE/ONL-12``, ``github:acme/web#12``."""
        place = "" if self.site is None else f"//{self.site}/"
        return f"{self.tracker}:{place}{self.key}"

    @property
    def key(self) -> str:
        """What people say: ``ONL-12``, ``acme/web#12``."""
        return f"{self.container}{_SEPARATORS[self.tracker]}{self.number}"

    @property
    def prefix(self) -> str:
        """What a source holds, as in ``Capabilities.holds``: ``jira://SITE/ONL``; of one with a site."""
        return f"{self.tracker}://{self.site}/{self.container}"

    @property
    def spellings(self) -> tuple[str, ...]:
        """How links name it that do not say its site: by its key, or by a key not in upper case."""
        bare = f"{self.tracker}:{self.key}"
        return tuple(dict.fromkeys((bare, bare.lower())))


def parse(ref: str) -> Reference | None:
    """Of a reference by name, with or without a site; None for a tracker's own id and for a milestone."""
    tracker, _, rest = ref.partition(":")
    if tracker not in _SEPARATORS:
        return None
    place, _, name = rest.removeprefix("//").rpartition("/")
    if tracker == "github":
        place, _, owner = place.rpartition("/")
        name = f"{owner}/{name}"
    container, _, number = name.rpartition(_SEPARATORS[tracker])
    if not container or not (number.isascii() and number.isdecimal()):
        return None
    is_jira = tracker == "jira"
    return Reference(
        "jira" if is_jira else "github", place if rest.startswith("//") else None, container, number
    )


def settle(ref: str, home: str, held: Iterable[str]) -> str | None:
    """``jira:ONL-12`` → ``jira://SITE/ONL-12``; None when it stays open which one is meant.

    ``home`` is the site of the text. ``held`` are the canonical prefixes of all sources
    (``jira://SITE/ONL``). The text's own site comes first, else the only source that has the
    project; if several have it, the reference is unresolved (rulebook, Edges). A reference that
    says its site is answered as it is.
    """
    named = parse(ref)
    if named is None or named.site is not None:
        return ref
    container = named.container.upper() if named.tracker == "jira" else named.container
    having = {
        prefix
        for prefix in held
        if prefix.startswith(f"{named.tracker}://") and prefix.endswith(f"/{container}")
    }
    own = f"{named.tracker}://{home}/{container}"
    if own not in having and len(having) != 1:
        return None
    prefix = own if own in having else having.pop()
    return f"{prefix}{_SEPARATORS[named.tracker]}{named.number}"


def is_certain(ref: str) -> bool:
    """Whether it can only be a reference. "covid-19" is one only if a source has such a project."""
    named = parse(ref)
    return named is None or named.site is not None or named.tracker != "jira" or named.key.isupper()
