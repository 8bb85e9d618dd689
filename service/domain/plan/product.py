"""The product as the rules need it: teams in their order, goals, settings. Pure.

config/product.py reads the product file; flow turns it into this, so that neither the domain
nor a rule knows of YAML or pydantic.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: str
    owner: str | None = None  # the PO's name
    area: str | None = None
    components: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    key: str
    name: str
    labels: frozenset[str] = frozenset()  # casefolded
    components: frozenset[str] = frozenset()  # casefolded
    epics: frozenset[str] = frozenset()  # keys
    title: str | None = None  # regular expression, searched without case


@dataclass(frozen=True, slots=True)
class BaselineCriterion:
    id: str
    text: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """``rules`` maps a rule's name to None (off) or its settings, for those the file names."""

    today: date
    teams: tuple[Team, ...]
    goals: tuple[Goal, ...] = ()
    rules: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    shared: Mapping[str, int] = field(default_factory=dict)  # component → max_parallel
    baseline: tuple[BaselineCriterion, ...] = ()
    language: str = "en"
    stale_before: float = 0.0  # epoch seconds: an open item not touched since then is stale

    def team_rank(self, key: str) -> int:
        """The team's place in the product file; unknown teams come last."""
        return self._ranks.get(key, len(self.teams))

    def team_name(self, key: str) -> str:
        return self._names.get(key, key)

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {team.key: rank for rank, team in enumerate(self.teams)}

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {team.key: team.name for team in self.teams}
