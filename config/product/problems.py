"""What is wrong with a product file, and where. No text here ever holds a secret."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

Path = tuple[str | int, ...]
"""From the top of the file to a value: ``("sources", 0, "auth", "token")``."""

_LONGEST_NAME = 60


class Problem(NamedTuple):
    """``line`` only where it is not that of the path."""

    path: Path
    text: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class ProductError:
    """``line`` counts from 1; None, like an empty ``field``, when the file as a whole is meant."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.field, self.message) if part)


class ProductErrors(Exception):
    """A product file cannot be used: everything that is wrong with it, in the file's order."""

    def __init__(self, errors: Sequence[ProductError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


def field_name(path: Path) -> str:
    """``sources[0].auth.token``"""
    parts = (f"[{step}]" if isinstance(step, int) else f".{printable(step)}" for step in path)
    return "".join(parts).removeprefix(".")


def printable(text: str) -> str:
    """On one line, and not too long."""
    shown = "".join(one if one.isprintable() else "?" for one in text)
    return shown if len(shown) <= _LONGEST_NAME else shown[:_LONGEST_NAME] + "…"
