"""What the product file may set of each rule: as the rule's own file declares it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Annotated, Any, Literal, get_type_hints

from pydantic import Discriminator, GetCoreSchemaHandler, Tag, create_model
from pydantic_core import CoreSchema, core_schema

from config.extensions import rule_modules
from connectors.duration import Duration
from connectors.options import Strict


@cache
def rule_models() -> Mapping[str, type[Strict]]:
    """By rule, in the rulebook's order: its settings as the file may write them."""
    return {name: _model(name, module.Settings) for name, module in rule_modules().items()}


def rule_names() -> tuple[str, ...]:
    """In the rulebook's order."""
    return tuple(rule_models())


def _model(name: str, settings: Any) -> type[Strict]:
    """A NamedTuple with its defaults as a model that checks what a person wrote."""
    fields: dict[str, Any] = {
        field: (Duration if hint is timedelta else hint, settings._field_defaults.get(field, ...))
        for field, hint in get_type_hints(settings).items()
    }
    return create_model(name, __base__=Strict, **fields)


class RuleSettings:
    """Marks a mapping of rules: each ``"off"``, or a mapping of the settings that the file gives it."""

    def __get_pydantic_core_schema__(self, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        fields = {
            name: core_schema.typed_dict_field(_off_or(model, handler))
            for name, model in rule_models().items()
        }
        return core_schema.typed_dict_schema(fields, total=False, extra_behavior="forbid")


def _off_or(model: type[Strict], handler: GetCoreSchemaHandler) -> CoreSchema:
    off: Any = Annotated[Literal["off"], Tag("off")]
    settings: Any = Annotated[model, Tag("settings")]
    choice = handler.generate_schema(Annotated[off | settings, Discriminator(_tag)])
    written = core_schema.plain_serializer_function_ser_schema(_plain, return_schema=core_schema.any_schema())
    return core_schema.no_info_after_validator_function(_plain, choice, serialization=written)


def _tag(value: Any) -> str:
    return "settings" if isinstance(value, dict | Strict) else "off"


def _plain(value: Any) -> Any:
    """Only what was set, so that a rule's own defaults stay with the rule."""
    return value.model_dump(exclude_unset=True) if isinstance(value, Strict) else value
