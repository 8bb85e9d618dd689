"""Everything one analysis looks at. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.edge import Edge
from service.domain.item import Item
from service.domain.plan import Plan


@dataclass(frozen=True, slots=True)
class Backlog:
    """``items`` by id; ``edges`` once per pair, both ends known, no self-links, sorted by ids.

    ``goals`` maps an item id to its goal's key (own selector, else the nearest ancestor's).
    ``pins`` are item ids in the Chief PO's order. ``dod`` maps a team to its DoD's lines.
    """

    plan: Plan
    items: Mapping[str, Item]
    edges: Sequence[Edge]
    goals: Mapping[str, str] = field(default_factory=dict)
    pins: Sequence[str] = ()
    dod: Mapping[str, Sequence[str]] = field(default_factory=dict)
