"""The rules as a reader of the API sees them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service.rules._rule import Rule, Shape, rules


@dataclass(frozen=True, slots=True)
class Entry:
    """``summary`` is the first line of ``text``; ``settings`` holds defaults as a product file says them."""

    name: str
    version: int
    shape: Shape
    summary: str
    text: str
    settings: Mapping[str, Any]
    roles: tuple[str, ...]


def catalogue() -> list[Entry]:
    """Every rule there is, in the rulebook's order."""
    return [_entry(rule) for rule in rules().values()]


def version(rule: str) -> int:
    """Of the rule that finds now; it grows when the rule finds something else in the same backlog."""
    return rules()[rule].version


def _entry(rule: Rule) -> Entry:
    return Entry(
        name=rule.name,
        version=rule.version,
        shape=rule.shape,
        summary=rule.text.partition("\n")[0],
        text=rule.text,
        settings={name: _written(value) for name, value in rule.defaults.items()},
        roles=rule.roles,
    )


def _written(value: Any) -> Any:
    return f"{value.days}d" if isinstance(value, timedelta) else value
