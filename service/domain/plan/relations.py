"""What is said of items beside dependencies: links, blockers named in vain, agreements. Pure."""

from datetime import date
from typing import Literal, NamedTuple


class Tie(NamedTuple):
    """A link between two items that is no dependency, as read: ``one`` says ``words`` of ``other``."""

    one: str  # item id
    other: str  # item id
    relation: Literal["conflicts", "mirrors", "duplicates", "clones"]
    origin: str  # native, remote, text
    words: str


class Unresolved(NamedTuple):
    """A blocker that an item names and attune does not find where a source of the product should have it.

    ``reference`` is the canonical key (``acme/stores#7``, ``ONL-12``), ``unlisted`` when the tracker counts
    more blockers than it lists, ``restricted`` for those behind a security level.
    """

    item: str
    reference: str
    origin: str
    words: str  # as the tracker or the text says it


Day = date
"""For a class that has a field of that name."""


class Agreement(NamedTuple):
    """What the two ends of a dependency have agreed, by the dependency's id.

    ``needed_by`` is the dependent's wish, ``date`` the blocker's commitment or counter-proposal;
    ``asked_on`` the day of the last request that waits for an answer.
    """

    state: Literal["requested", "committed", "proposed", "declined"]
    needed_by: Day
    date: Day | None
    asked_on: Day
