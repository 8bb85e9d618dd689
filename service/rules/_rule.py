"""What a rule file declares, and which rules there are: discovered, not registered. Pure.

A rule file holds ``VERSION``, ``SHAPE``, ``ROLES``, ``WORDS``, ``Settings`` (a NamedTuple: the
settings of the product file with their defaults) and ``find(seen, plan, settings)``. Its shape says
what ``seen`` is, and so what one change can touch. An edge rule marked ◆ in the rulebook also says
``IS_EXCLUSIVE = True``. Its docstring is its documentation.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple

from service.domain.plan.product import Plan

Shape = Literal["edge", "agreement", "graph", "order", "item", "epic", "pairs", "component", "team"]

RULE_ORDER: tuple[str, ...] = (
    "dependency-dropped",
    "dependency-date",
    "dependency-overdue",
    "dependency-unplanned",
    "dependency-chain",
    "dependency-unstarted",
    "dependency-contradiction",
    "dependency-cycle",
    "dependency-unresolved",
    "dependency-broken-promise",
    "dependency-unanswered",
    "priority-inversion",
    "order-deadlock",
    "duplicate-work",
    "exclusive-plans",
    "component-collision",
    "epic-overrun",
    "epic-closed-early",
    "mirror-drift",
    "ownership-overlap",
    "ownership-gap",
    "priority-inflation",
    "dod-gap",
    "dod-mismatch",
    "dod-threshold",
    "dod-unmet",
)
"""The rulebook's table from top to bottom: the order of findings of one severity."""


class NoSettings(NamedTuple):
    """Of a rule that knows only ``off``."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``settings`` builds them from the product file's; ``defaults`` are those it need not say."""

    name: str
    version: int
    shape: Shape
    roles: tuple[str, ...]
    is_exclusive: bool
    text: str
    settings: Callable[..., Any]
    defaults: Mapping[str, Any]
    find: Callable[..., Any]


class Bound(NamedTuple):
    """A rule with the settings of one product."""

    name: str
    find: Callable[..., Any]
    settings: Any
    is_exclusive: bool


@cache
def rules() -> Mapping[str, Rule]:
    """By name, in the rulebook's order: a rule file is a module here that starts with no underscore."""
    package = __name__.rpartition(".")[0]
    path = importlib.import_module(package).__path__
    modules = [found.name for found in pkgutil.iter_modules(path) if not found.name.startswith("_")]
    named = {name.replace("_", "-"): f"{package}.{name}" for name in modules}
    return {name: _load(name, named[name]) for name in sorted(named, key=RULE_ORDER.index)}


def _load(name: str, module_name: str) -> Rule:
    module = importlib.import_module(module_name)
    return Rule(
        name=name,
        version=module.VERSION,
        shape=module.SHAPE,
        roles=module.ROLES,
        is_exclusive=getattr(module, "IS_EXCLUSIVE", False),
        text=inspect.cleandoc(module.__doc__ or ""),
        settings=module.Settings,
        defaults=module.Settings._field_defaults,
        find=module.find,
    )


def bound(plan: Plan, shape: Shape) -> list[Bound]:
    """The rules of a shape that are not off, in the rulebook's order."""
    return [
        Bound(rule.name, rule.find, rule.settings(**told), rule.is_exclusive)
        for rule in rules().values()
        if rule.shape == shape and (told := plan.rules.get(rule.name, {})) is not None
    ]
