"""Everything one analysis looks at. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from service.domain.graph.planning import Planning, planning_of
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item
from service.domain.plan.product import Plan
from service.domain.plan.relations import Agreement, Tie, Unresolved


@dataclass(frozen=True)
class Backlog:
    """``items`` by id; ``edges`` once per pair, both ends known, no self-links, sorted by ids.

    ``goals`` maps an item id to its goal's key (own selector, else the nearest ancestor's).
    ``pins`` are item ids in the Chief PO's order. ``dod`` maps a team to its DoD's lines.
    ``ties`` have both ends known; ``agreements`` are by dependency id.
    """

    plan: Plan
    items: Mapping[str, Item]
    edges: Sequence[Dependency]
    goals: Mapping[str, str] = field(default_factory=dict)
    pins: Sequence[str] = ()
    dod: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ties: Sequence[Tie] = ()
    unresolved: Sequence[Unresolved] = ()
    agreements: Mapping[str, Agreement] = field(default_factory=dict)

    @cached_property
    def planning(self) -> Planning[Item]:
        return planning_of(self.edges)
