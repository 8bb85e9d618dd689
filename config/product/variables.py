"""``${NAME}`` and ``${file:/path}`` in a product file: environment variables and mounted secrets."""

import os
import re
import string
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from config.env_file import read_env_file

_REFERENCE = re.compile(r"\$\{([^{}]*)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_AROUND = string.whitespace + "\ufeff\u00a0\u200b"
_LARGEST = 64 * 1024  # bytes of a mounted secret


class Filled(NamedTuple):
    """``remarks`` name what was put right on the way; neither they nor ``problems`` hold a value."""

    text: str
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class _MissingError(Exception):
    """``str()`` names what is not there."""


def process_environment() -> dict[str, str]:
    """As for the settings: the environment goes before ``.env`` in the working directory."""
    return {**read_env_file(Path(".env")), **os.environ}


def names_any(text: str) -> bool:
    return _REFERENCE.search(text) is not None


def fill(text: str, environment: Mapping[str, str]) -> Filled:
    """Nothing in a value is read as YAML or as another reference. Blanks and line breaks around it go."""
    problems: list[str] = []
    remarks: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        try:
            value = _value(found[1].strip(), environment)
        except _MissingError as missing:
            problems.append(str(missing))
            return ""
        bare = value.strip(_AROUND)
        if bare != value:
            remarks.append(f"{_named(found[1].strip())} has blanks or line breaks around its value; left out")
        return bare

    return Filled(_REFERENCE.sub(replaced, text), tuple(problems), tuple(remarks))


def _named(reference: str) -> str:
    if reference.startswith("file:"):
        return f"file {reference.removeprefix('file:')}"
    return f"environment variable {reference}"


def _value(reference: str, environment: Mapping[str, str]) -> str:
    if reference.startswith("file:"):
        return _mounted(reference.removeprefix("file:"))
    if not _NAME.fullmatch(reference):
        raise _MissingError("holds ${…} that names nothing; expected ${NAME} or ${file:/path}")
    value = environment.get(reference)
    if value is None:
        raise _MissingError(f"environment variable {reference} is not set; expected it there or in .env")
    if not value.strip(_AROUND):
        raise _MissingError(f"environment variable {reference} is empty; expected a value")
    return value


def _mounted(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
        text = content.decode("utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is not UTF-8 text"
        raise _MissingError(f"file {path} cannot be read: {reason}") from None
    if len(content) > _LARGEST:
        raise _MissingError(f"file {path} is larger than {_LARGEST} bytes; expected a secret")
    if not text.strip(_AROUND):
        raise _MissingError(f"file {path} is empty; expected a secret")
    return text
