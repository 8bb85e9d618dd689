"""Which fields the product file has at a place, and what each takes: for words about a wrong one."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.product.kinds import connector_kinds
from config.product.model import Product
from config.product.problems import Path
from config.product.rules import rule_models
from connectors.options import SourceOptions

_TAKES: Mapping[Any, str] = {
    str: "text",
    SecretStr: "text",
    int: "a whole number",
    bool: "true or false",
    timedelta: "a duration such as 2d",
}


def fields_at(path: Path, data: Any) -> dict[str, FieldInfo | None]:
    """By name; empty where the names are free. A rule has no FieldInfo."""
    if path == ("rules",):
        return dict.fromkeys(rule_models())
    return {name: info for model in _models_at(path, data) for name, info in model.model_fields.items()}


def _models_at(path: Path, data: Any) -> list[type[BaseModel]]:
    """Several where the file has a choice, such as ways to authenticate."""
    if path[:1] == ("rules",):
        models = rule_models()
        return [models[str(path[1])]] if len(path) == 2 and path[1] in models else []
    return _models_along(path, data)


def _models_along(path: Path, data: Any) -> list[type[BaseModel]]:
    models: list[type[BaseModel]] = [Product]
    here = data
    for step in path:
        here = _inside(here, step)
        if isinstance(step, str):
            found = [model.model_fields[step].annotation for model in models if step in model.model_fields]
            models = [model for annotation in found for model in _models_in(annotation)]
        elif models == [SourceOptions]:
            models = _source_models(here)
    return models


def _inside(here: Any, step: str | int) -> Any:
    try:
        return here[step]
    except (KeyError, IndexError, TypeError):
        return None


def _source_models(source: Any) -> list[type[BaseModel]]:
    kind = connector_kinds().get(str(source.get("type"))) if isinstance(source, dict) else None
    return [kind.Options] if kind else [SourceOptions]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def wanted(info: FieldInfo | None) -> str:
    """What a field takes, in words."""
    if info is None:
        return "off or settings"
    shown = example(info)
    return f"a value such as {shown}" if shown else _taken(info.annotation)


def example(info: FieldInfo | None) -> str | None:
    """The first that the field, or what it is made of, was declared with."""
    if info is None:
        return None
    found = next(_examples(info), None)
    return None if found is None else str(found)


def _examples(part: Any) -> Iterator[Any]:
    if isinstance(part, FieldInfo):
        yield from part.examples or ()
        part = part.annotation
    for inner in get_args(part):
        yield from _examples(inner)


def _taken(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if annotation in _TAKES:
        return _TAKES[annotation]
    if origin is tuple:
        return "a list"
    if origin is Literal:
        return one_of(inner)
    models = list(_models_in(annotation))
    if models:
        return " or ".join("{" + listed(one.model_fields) + "}" for one in models)
    return _taken(inner[0]) if inner else "a value"


def one_of(words: Any) -> str:
    """a, b or c"""
    *others, last = (str(word) for word in words)
    return f"{', '.join(others)} or {last}" if others else last


def listed(words: Any) -> str:
    """Each once."""
    return ", ".join(dict.fromkeys(str(word) for word in words)) or "nothing"
