"""``.env``: variables that a person keeps beside the product file."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import parse_stream
from dotenv.variables import parse_variables

_IS_LITERAL = re.compile(r"^[^=\n]*=[ \t]*'", re.MULTILINE)


def read_env_file(path: Path) -> Mapping[str, str]:
    """As python-dotenv reads it, but that single quotes mean literally: no ``$`` in them is expanded.

    A file that is not there holds nothing.
    """
    values: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8") as file:
            bindings = list(parse_stream(file))
    except (OSError, UnicodeDecodeError):
        return values
    for binding in bindings:
        if binding.key is None or binding.value is None:
            continue
        is_literal = _IS_LITERAL.match(binding.original.string.lstrip())
        values[binding.key] = binding.value if is_literal else _expanded(binding.value, values)
    return values


def _expanded(value: str, values: Mapping[str, str]) -> str:
    """Variables of the file go before those of the process."""
    environment: dict[str, str | None] = {**os.environ, **values}
    return "".join(atom.resolve(environment) for atom in parse_variables(value))
