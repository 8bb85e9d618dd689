"""Every rule of the rulebook, in its table's order, and what the product file may set of each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Discriminator, GetCoreSchemaHandler, Tag
from pydantic_core import CoreSchema, core_schema

from connectors.duration import Duration
from connectors.options import Strict


class NoSettings(Strict):
    """Such a rule can only be switched off."""


class EdgeRule(Strict):
    """``all``: also edges within one team."""

    scope: Literal["cross-team", "all"] = "cross-team"


class DateRule(EdgeRule):
    """How a blocker's dates and its dependent's have to lie."""

    mode: Literal["sequential", "concurrent", "end-to-end"] = "sequential"


class UnplannedRule(EdgeRule):
    """``horizon``: how far ahead a dependent's date asks for a date of its blocker."""

    horizon: Duration = timedelta(days=90)


class UnansweredRule(Strict):
    after: Duration = timedelta(days=5)


RULES: Mapping[str, type[Strict]] = {
    "dependency-dropped": EdgeRule,
    "dependency-date": DateRule,
    "dependency-overdue": EdgeRule,
    "dependency-unplanned": UnplannedRule,
    "dependency-chain": NoSettings,
    "dependency-unstarted": EdgeRule,
    "dependency-contradiction": EdgeRule,
    "dependency-cycle": NoSettings,
    "dependency-unresolved": NoSettings,
    "dependency-broken-promise": NoSettings,
    "dependency-unanswered": UnansweredRule,
    "priority-inversion": NoSettings,
    "order-deadlock": NoSettings,
    "duplicate-work": NoSettings,
    "exclusive-plans": NoSettings,
    "component-collision": NoSettings,
    "epic-overrun": NoSettings,
    "epic-closed-early": NoSettings,
    "mirror-drift": NoSettings,
    "ownership-overlap": NoSettings,
    "ownership-gap": NoSettings,
    "priority-inflation": NoSettings,
    "dod-gap": NoSettings,
    "dod-mismatch": NoSettings,
    "dod-threshold": NoSettings,
    "dod-unmet": NoSettings,
}

RULE_NAMES: tuple[str, ...] = tuple(RULES)


class RuleSettings:
    """Marks a mapping of rules: each ``"off"``, or a mapping of the settings that the file gives it."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        fields = {name: core_schema.typed_dict_field(_told(model, handler)) for name, model in RULES.items()}
        return core_schema.typed_dict_schema(fields, total=False, extra_behavior="forbid")


def _told(model: type[Strict], handler: GetCoreSchemaHandler) -> CoreSchema:
    off: Any = Annotated[Literal["off"], Tag("off")]
    settings: Any = Annotated[model, Tag("settings")]
    told = handler.generate_schema(Annotated[off | settings, Discriminator(_tag)])
    written = core_schema.plain_serializer_function_ser_schema(_plain, return_schema=core_schema.any_schema())
    return core_schema.no_info_after_validator_function(_plain, told, serialization=written)


def _tag(value: Any) -> str:
    return "settings" if isinstance(value, dict | Strict) else "off"


def _plain(value: Any) -> Any:
    """Only what was set, so that a rule's own defaults stay with the rule."""
    return value.model_dump(exclude_unset=True) if isinstance(value, Strict) else value
