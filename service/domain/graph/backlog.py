"""Everything one analysis looks at. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

from service.domain.graph.planning import Planning, planning_of
from service.domain.plan.dependency import Edge
from service.domain.plan.item import Item
from service.domain.plan.product import Plan


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


@dataclass(frozen=True)
class Backlog:
    """``items`` by id; ``edges`` once per pair, both ends known, no self-links, sorted by ids.

    ``goals`` maps an item id to its goal's key (own selector, else the nearest ancestor's).
    ``pins`` are item ids in the Chief PO's order. ``dod`` maps a team to its DoD's lines.
    ``ties`` have both ends known; ``agreements`` are by dependency id.
    """

    plan: Plan
    items: Mapping[str, Item]
    edges: Sequence[Edge]
    goals: Mapping[str, str] = field(default_factory=dict)
    pins: Sequence[str] = ()
    dod: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ties: Sequence[Tie] = ()
    unresolved: Sequence[Unresolved] = ()
    agreements: Mapping[str, Agreement] = field(default_factory=dict)

    @cached_property
    def planning(self) -> Planning[Item]:
        return planning_of(self.edges)
