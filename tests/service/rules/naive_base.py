"""What the naive rules share: nothing of it comes from the rules themselves."""

from datetime import date
from typing import Any, NamedTuple

from service.domain.graph.backlog import Backlog
from service.domain.plan.item import Item

STEPS = ["low", "medium", "high", "critical"]
Found = dict[tuple[str, tuple[str, ...]], "Expected"]


class Expected(NamedTuple):
    severity: str
    facts: dict[str, Any]
    roles: set[tuple[str, str]]
    edges: set[str]


def setting(backlog: Backlog, rule: str, name: str, default: Any) -> Any:
    return (backlog.plan.rules.get(rule) or {}).get(name, default)


def is_on(backlog: Backlog, rule: str) -> bool:
    return backlog.plan.rules.get(rule, {}) is not None


def up(base: str, *reasons: bool) -> str:
    return STEPS[min(STEPS.index(base) + [bool(reason) for reason in reasons].count(True), 3)]


def is_open(item: Item) -> bool:
    return item.state in ("todo", "doing")


def text(day: date | None) -> str | None:
    return None if day is None else str(day)


def arrows(backlog: Backlog) -> set[tuple[str, str]]:
    return {
        (edge.blocker.id, edge.dependent.id)
        for edge in backlog.edges
        if is_open(edge.blocker) and is_open(edge.dependent)
    }


def reachable(pairs: set[tuple[str, str]], start: str) -> set[str]:
    found: set[str] = set()
    while more := {after for before, after in pairs if before in found | {start}} - found:
        found |= more
    return found
