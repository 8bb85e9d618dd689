"""What a rule yields. Pure; only flow/analyse turns findings into stored conflicts."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from config.severity import SEVERITIES as SEVERITIES
from config.severity import Severity as Severity


def raised(base: Severity, *reasons: bool) -> Severity:
    """``base``, one step higher for each reason that holds, at most critical."""
    return SEVERITIES[min(SEVERITIES.index(base) + sum(reasons), len(SEVERITIES) - 1)]


@dataclass(frozen=True, slots=True)
class Role:
    item: str  # item id
    role: str  # blocker, dependent, member, urgent, via, …


class Text(NamedTuple):
    """In the product's language. ``title`` is one sentence that needs no other.

    ``fixes`` says the suggestions as changes that what-if takes (``{"changes": [...]}``), one per
    suggestion, empty where it is left to people to say what changes; rules that know no such changes
    leave it out altogether.
    """

    title: str
    explanation: str
    suggestions: tuple[str, ...] = ()
    fixes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Finding:
    """``identity`` with the rule's name makes the conflict's id: no dates, titles or keys in it.

    ``facts`` holds every value compared and where it came from (JSON types; dates as ISO text).
    ``edges`` are ids of the dependencies the finding is with (for an edge's health).
    ``wording`` makes the text when somebody is told: a large backlog has more findings than texts fit
    in memory.
    """

    rule: str
    identity: tuple[str, ...]
    severity: Severity
    roles: tuple[Role, ...]
    teams: tuple[str, ...]  # of its items but ``via``; in the product file's order
    wording: Callable[[], Text] = field(compare=False)
    facts: Mapping[str, Any] = field(default_factory=dict)
    edges: tuple[str, ...] = ()

    @cached_property
    def id(self) -> str:
        return conflict_id(self.rule, self.identity)


def conflict_id(rule: str, identity: tuple[str, ...]) -> str:
    return "cfl_" + hashlib.sha256("\n".join((rule, *identity)).encode()).hexdigest()[:24]
