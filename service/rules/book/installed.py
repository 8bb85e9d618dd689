"""Which rules there are: attune's own files, and those of other installed packages. Nothing lists them."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

from config.extensions import rule_modules
from service.domain.conflict.finding import Finding
from service.domain.plan.product import Plan
from service.rules.book.declaration import Rule, Scope, Shape


class InstalledRule(NamedTuple):
    """``settings`` builds them from the product file's; ``defaults`` are those it need not say."""

    name: str
    declared: Rule
    text: str
    settings: Callable[..., Any]
    defaults: Mapping[str, Any]
    find: Callable[..., Any]

    @property
    def shape(self) -> Shape:
        return self.declared.shape

    @property
    def scope(self) -> Scope:
        return self.declared.scope

    @property
    def roles(self) -> tuple[str, ...]:
        return self.declared.roles

    @property
    def is_exclusive(self) -> bool:
        return self.declared.is_exclusive

    @property
    def is_local(self) -> bool:
        return self.declared.is_local

    @property
    def is_judged_nearby(self) -> bool:
        return self.declared.is_judged_nearby


class ActiveRule(NamedTuple):
    """A rule with the settings of one product."""

    name: str
    find: Callable[..., Any]
    settings: Any
    is_exclusive: bool


@cache
def rules() -> Mapping[str, InstalledRule]:
    """By name, in the rulebook's order. Raises BrokenExtensionError."""
    return {name: _installed(name, module) for name, module in rule_modules().items()}


def _installed(name: str, module: ModuleType) -> InstalledRule:
    return InstalledRule(
        name=name,
        declared=module.RULE,
        text=inspect.cleandoc(module.__doc__ or ""),
        settings=module.Settings,
        defaults=module.Settings._field_defaults,
        find=module.find,
    )


def active_rules(plan: Plan, shape: Shape) -> list[ActiveRule]:
    """The rules of a shape that are not off, in the rulebook's order."""
    return [
        ActiveRule(rule.name, rule.find, rule.settings(**settings), rule.is_exclusive)
        for rule in rules().values()
        if rule.shape == shape and (settings := plan.rules.get(rule.name, {})) is not None
    ]


def version(rule: str) -> int:
    """Of the rule that finds now."""
    return rules()[rule].declared.version


def place(rule: str) -> int:
    """In the rulebook's table; what another package offers says where it belongs."""
    return rules()[rule].declared.place


@cache
def exclusive_rules() -> frozenset[str]:
    """Those marked ◆."""
    return frozenset(name for name, rule in rules().items() if rule.is_exclusive)


def lasting_facts(finding: Finding) -> Mapping[str, Any]:
    """The facts whose change is worth an event."""
    volatile = rules()[finding.rule].declared.volatile_facts
    return {name: value for name, value in finding.facts.items() if name not in volatile}
