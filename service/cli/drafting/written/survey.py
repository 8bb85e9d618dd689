"""What a look at a source found: its capabilities, and the words its items use. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.contract import Capabilities, Page, Reason
from connectors.item import TrackerItem

_NO_GOALS = frozenset(
    {
        *("bug", "epic", "feature", "story", "task", "enhancement", "documentation", "duplicate", "invalid"),
        *("wontfix", "question", "good first issue", "help wanted", "blocked"),
    }
)
"""Labels that say what an item is, not what it is for; GitHub's own defaults among them."""


@dataclass(frozen=True, slots=True)
class WordUse:
    """One priority or status in use: how often, and what attune takes it for (None: nothing)."""

    text: str
    items: int
    meaning: int | str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """Of some hundred items, not of all; counts are of those. Every list has the most used first."""

    items: int = 0
    total: int | None = None  # of the source, where it says
    kinds: Mapping[str, int] = field(default_factory=dict)
    priorities: Sequence[WordUse] = ()
    states: Sequence[WordUse] = ()
    mixed: Sequence[str] = ()  # statuses that mean one thing or another, by more than their word
    components: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    with_dod: int = 0
    dod_lines: Sequence[str] = ()
    dod_document: int = 0  # lines of a document for the whole source


@dataclass(frozen=True, slots=True)
class Survey:
    """``capabilities`` None: it could not be read, and ``error`` says why in a sentence.

    With both, what could be read is here and the rest failed.
    """

    capabilities: Capabilities | None = None
    sample: Sample = Sample()
    error: str | None = None
    reason: Reason | None = None
    name: str | None = None  # what the tracker calls the place


def sampled(pages: Sequence[Page]) -> Sample:
    """An item that was read twice counts once."""
    items = list({item.identity: item for page in pages for item in page.items}.values())
    documents = [page.definition_of_done for page in pages if page.definition_of_done]
    unread = {word for page in pages for word in page.unmapped.get("state", ())}
    lines = Counter(line for item in items for line in dict.fromkeys(one.text.strip() for one in item.dod))
    states, mixed = _states(items, unread)
    return Sample(
        items=len(items),
        total=next((page.total for page in pages if page.total is not None), None),
        kinds=_ranked(item.kind for item in items),
        priorities=_priorities(items),
        states=states,
        mixed=mixed,
        components=_ranked(one for item in items for one in item.components),
        labels=_ranked(one for item in items for one in item.labels if _may_be_goal(one)),
        with_dod=sum(bool(item.dod) for item in items),
        dod_lines=tuple(documents[0] if documents else [text for text, _ in lines.most_common()]),
        dod_document=len(documents[0]) if documents else 0,
    )


def _priorities(items: Sequence[TrackerItem]) -> list[WordUse]:
    levels = {item.priority_name: item.priority for item in items if item.priority_name}
    counts = _ranked(item.priority_name for item in items if item.priority_name)
    return [WordUse(word, count, levels[word]) for word, count in counts.items()]


def _states(items: Sequence[TrackerItem], unread: Iterable[str]) -> tuple[list[WordUse], list[str]]:
    """``unread`` are statuses that the connector took for todo only because it knows nothing better.

    Dropped is never told by a status alone (rulebook), so such a word is mixed.
    """
    meanings: dict[str, set[str]] = {}
    for item in items:
        meanings.setdefault(item.status, set()).add(item.state)
    unknown = set(unread)
    mixed = [word for word, found in meanings.items() if len(found) > 1 or "dropped" in found]
    words = [
        WordUse(word, count, None if word in unknown else next(iter(meanings[word])))
        for word, count in _ranked(item.status for item in items).items()
        if word in unknown or word not in mixed
    ]
    return words, [word for word in mixed if word not in unknown]


def _may_be_goal(label: str) -> bool:
    """A label with a prefix (``area: till``) says something else, and so do the usual ones."""
    text = label.strip().casefold()
    return bool(text) and not (set(text) & set(":/")) and text not in _NO_GOALS


def _ranked(words: Iterable[str]) -> dict[str, int]:
    """The most used first, then by the alphabet."""
    return dict(sorted(Counter(words).items(), key=lambda one: (-one[1], one[0].casefold())))
