"""The rules as a reader of the API sees them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from service.rules.book.declaration import Shape
from service.rules.book.installed import InstalledRule, rules

_EXAMPLE = "Example: "


@dataclass(frozen=True, slots=True)
class RuleDescription:
    """``summary`` is the first line of ``text``; ``settings`` holds defaults as a product file says them."""

    name: str
    version: int
    shape: Shape
    summary: str
    text: str
    example: str
    settings: Mapping[str, Any]
    roles: tuple[str, ...]


def catalogue() -> list[RuleDescription]:
    """Every rule there is, in the rulebook's order."""
    return [_description(rule) for rule in rules().values()]


def _description(rule: InstalledRule) -> RuleDescription:
    return RuleDescription(
        name=rule.name,
        version=rule.declared.version,
        shape=rule.shape,
        summary=rule.text.partition("\n")[0],
        text=rule.text,
        example=_example(rule.text),
        settings={name: _as_written(value) for name, value in rule.defaults.items()},
        roles=rule.roles,
    )


def _example(text: str) -> str:
    """The paragraph that begins with "Example: ", on one line, without that word."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return next((one.removeprefix(_EXAMPLE) for one in paragraphs if one.startswith(_EXAMPLE)), "")


def _as_written(value: Any) -> Any:
    return f"{value.days}d" if isinstance(value, timedelta) else value
