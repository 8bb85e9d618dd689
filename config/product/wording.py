"""pydantic's findings in words for the person who wrote the file: what is wrong, what is expected.

Values are not repeated, but for short words in fields that have a fixed list; those that came from
``${…}`` never are.
"""

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from config.product import planned
from config.product.fields import example, fields_at, listed, one_of, wanted
from config.product.kinds import connector_kinds
from config.product.model import KEY_PATTERN
from config.product.problems import Path, Problem
from config.product.rules import rule_models, rule_names
from config.product.tree import Tree

_TYPES: Mapping[str, str] = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_SECRET_PARTS = frozenset({"auth"})  # an unknown name in here may be a piece of a secret
_LIKENESS = 8  # characters; that a shorter value stands in a message proves nothing
_FILLED_LIKENESS = 4  # of one that came from ${…}


class _Found(NamedTuple):
    """``branches``: which of several forms of a value was tried, and where."""

    path: Path
    kind: str
    context: Mapping[str, Any]
    message: str
    branches: tuple[tuple[Path, str], ...]


def worded(error: ValidationError, tree: Tree) -> list[Problem]:
    found = [_locate(one, tree.data) for one in error.errors(include_url=False, include_input=False)]
    return [problem for one in _closest(found) if (problem := _problem(one, tree)) is not None]


def _locate(error: Any, data: Any) -> _Found:
    """pydantic's place holds names of forms between the file's own keys."""
    path: list[str | int] = []
    branches: list[tuple[Path, str]] = []
    here, steps = data, error["loc"]
    for place, step in enumerate(steps):
        is_key = isinstance(here, dict) and step in here
        if is_key or (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            path.append(step)
            here = here[step]
        elif error["type"] == "missing" and place == len(steps) - 1:
            path.append(step)
        else:
            branches.append((tuple(path), str(step)))
    return _Found(tuple(path), error["type"], error.get("ctx", {}), error["msg"], tuple(branches))


def _closest(found: Iterable[_Found]) -> Iterator[_Found]:
    """Where a value has several forms, only what is wrong with the one that it is closest to."""
    found = list(found)
    counts = Counter(branch for one in found for branch in one.branches)
    best: dict[Path, str] = {}
    for (path, form), count in counts.items():
        if path not in best or count < counts[path, best[path]]:
            best[path] = form
    for one in found:
        if all(best[path] == form for path, form in one.branches):
            yield one


def _problem(one: _Found, tree: Tree) -> Problem | None:
    if one.kind == "extra_forbidden":
        return _unknown(one.path, tree)
    if one.kind.startswith("union_tag"):
        return _unknown_form(one, tree)
    if one.kind == "too_short" and tree.at(one.path):
        return None  # every entry is wrong, which has been said
    return Problem(one.path, _text(one, tree))


def _unknown(path: Path, tree: Tree) -> Problem:
    if path[:-1] == ("rules",) and (told := planned.not_yet(str(path[-1]), planned.RULES, rule_names())):
        return Problem(path, told)
    fields = fields_at(path[:-1], tree.data)
    near = difflib.get_close_matches(str(path[-1]).casefold(), fields, 1, 0.7)
    if near:
        return Problem(path, f"is not known; did you mean {near[0]}?")
    if tree.at(path) is None or not _SECRET_PARTS.isdisjoint(path):
        text = f"holds something that is no field; expected {listed(fields)} (text with a comma needs quotes)"
        return Problem(path[:-1], text, tree.line(path))
    return Problem(path, f"is not known; expected {listed(fields)}")


def _unknown_form(one: _Found, tree: Tree) -> Problem:
    path = (*one.path, one.context["discriminator"].strip("'"))
    forms = one_of(connector_kinds())
    if one.kind == "union_tag_not_found":
        return Problem(path, f"is missing; expected {forms}")
    return Problem(path, f"{_shown(path, tree)}; expected {forms}")


def _text(one: _Found, tree: Tree) -> str:
    if len(one.path) == 2 and one.path[0] == "rules":
        return f"{_shown(one.path, tree)}; expected {_rule(str(one.path[1]))}"
    if one.kind in _TYPES:
        return _wrong_type(one, tree)
    told = _SIMPLE.get(one.kind, _own_words)
    return told(one, tree)


def _rule(name: str) -> str:
    settings = rule_models()[name].model_fields
    return f"off, or settings ({listed(settings)})" if settings else "off"


def _wrong_type(one: _Found, tree: Tree) -> str:
    value, expected = tree.at(one.path), _TYPES[one.kind]
    quotes = " in quotes" if expected == "text" and isinstance(value, bool | int | float) else ""
    return f"is {_type(value)}; expected {expected}{quotes}"


def _type(value: Any) -> str:
    names: tuple[tuple[type, str], ...] = (
        (bool, "true or false"),
        (int, "a number"),
        (float, "a number"),
        (str, "text"),
        (list, "a list"),
        (dict, "a mapping"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "empty")


def _shown(path: Path, tree: Tree) -> str:
    """Only for values out of a fixed list of words."""
    value = tree.at(path)
    return f"{tree.shown(path)} is not known" if isinstance(value, str) else f"is {_type(value)}"


def _form(one: _Found, tree: Tree) -> str:
    pattern = one.context["pattern"]
    if pattern == KEY_PATTERN:
        return "small letters, digits and hyphens"
    shown = example(_field(one.path, tree))
    return f"a value such as {shown}" if shown else f"text that matches {pattern}"


def _field(path: Path, tree: Tree) -> FieldInfo | None:
    """Of the value, or of the list that it is in."""
    while isinstance(path[-1], int):
        path = path[:-1]
    return fields_at(path[:-1], tree.data).get(str(path[-1]))


def _own_words(one: _Found, tree: Tree) -> str:
    """A validator's message, unless it repeats what it was given."""
    error = one.context.get("error")
    text = error.errors(include_input=False)[0]["msg"] if isinstance(error, ValidationError) else one.message
    text = text.removeprefix("Value error, ").replace("Input should be", "expected")
    value = str(tree.at(one.path))
    least = _FILLED_LIKENESS if one.path in tree.told else _LIKENESS
    if (len(value) >= least and value in text) or "\n" in text:
        return "does not fit"
    return f"does not fit; {text}" if text.startswith("expected") else text


def _missing(one: _Found, tree: Tree) -> str:
    return f"is missing; expected {wanted(_field(one.path, tree))}"


def _no_such_word(one: _Found, tree: Tree) -> str:
    return f"{_shown(one.path, tree)}; expected {one.context['expected'].replace(chr(39), '')}"


_SIMPLE: Mapping[str, Callable[[_Found, Tree], str]] = {
    "missing": _missing,
    "literal_error": _no_such_word,
    "string_pattern_mismatch": lambda one, tree: f"has another form; expected {_form(one, tree)}",
    "string_too_short": lambda one, tree: "is empty; expected text",
    "too_short": lambda one, tree: "is empty; expected at least one entry",
    "greater_than_equal": lambda one, tree: f"is too small; expected at least {one.context['ge']}",
    "less_than_equal": lambda one, tree: f"is too large; expected at most {one.context['le']}",
}
