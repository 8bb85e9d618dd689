"""What a rule finds on one edge, and the facts that edge rules have in common. Pure."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

from service.domain.conflict.finding import Severity, Text
from service.domain.plan.dates import Need
from service.domain.plan.dependency import Dependency
from service.domain.plan.item import Item

Scope = Literal["cross-team", "all"]


class DependencySettings(NamedTuple):
    """Of an edge rule that knows no other; ``all`` takes in the edges within one team."""

    scope: Scope = "cross-team"


class DependencyFinding(NamedTuple):
    """A finding but for what the edge itself says: its identity, its roles and its teams."""

    severity: Severity
    facts: Mapping[str, Any]
    wording: Callable[[], Text]


def dependency_facts(edge: Dependency) -> dict[str, Any]:
    return {
        "blocker_state": edge.blocker.state,
        "dependent_state": edge.dependent.state,
        "origins": list(edge.origins),
    }


def priority_facts(dependent: Item) -> dict[str, Any]:
    return {
        "dependent_priority": dependent.priority,
        "dependent_priority_name": dependent.priority_name,
    }


def due_facts(blocker: Item) -> dict[str, Any]:
    return {"due": iso(blocker.due), "due_from": blocker.due_from}


def need_facts(need: Need | None) -> dict[str, Any]:
    """``need_by_field`` says which of the dependent's dates it is."""
    if need is None:
        return {"need_by": None, "need_by_from": None, "need_by_field": None}
    return {"need_by": iso(need.day), "need_by_from": need.origin, "need_by_field": need.field}


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
