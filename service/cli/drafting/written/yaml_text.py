"""Lines of a product file: values quoted where YAML needs it, comments that stay on their line. Pure."""

import json
import re
import textwrap
from collections.abc import Iterable

WIDTH = 108  # columns
_COLUMN = 38  # where a comment beside a value begins
_PLAIN = re.compile(r"[^\W\d_][\w./]*(?:[ -][\w./]+)*")
_ADDRESS = re.compile(r"https?://[\w.:/~-]*[\w/]", re.ASCII)
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off"})
_BREAK = "\t# "  # no text holds a tab
_LONGEST = 120  # characters of a tracker's own text


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text)


def clean(text: str) -> str:
    """On one line, printable, of bearable length."""
    shown = " ".join(_printable(text).split())
    return shown if len(shown) <= _LONGEST else shown[: _LONGEST - 1] + "…"


def scalar(text: str) -> str:
    """A text as a value; ``${`` in it is taken apart, since no tracker's words name our variables."""
    shown = _printable(text).replace("${", "$ {")
    if _PLAIN.fullmatch(shown) and shown.casefold() not in _WORDS:
        return shown
    return json.dumps(shown, ensure_ascii=False)


def address(url: str) -> str:
    return url if _ADDRESS.fullmatch(url) else scalar(url)


def variable(name: str) -> str:
    return f'"${{{name}}}"'


def listing(texts: Iterable[str]) -> str:
    return f"[{', '.join(scalar(one) for one in texts)}]"


def beside(line: str, comment: str) -> str:
    """A comment after a line; ``aligned`` gives it its place once the line has its own."""
    return f"{line}{_BREAK}{clean(comment)}"


def aligned(line: str) -> list[str]:
    """The comment in the common column, or above the line where there is no room beside it."""
    text, _, comment = line.partition(_BREAK)
    if not comment:
        return [text]
    whole = f"{text.ljust(_COLUMN)} # {comment}" if len(text) <= _COLUMN else f"{text}    # {comment}"
    if len(whole) <= WIDTH:
        return [whole]
    above = re.sub(r"^( *(?:# {2,})?).*", r"\1", text)  # within what is commented out it stays a comment
    return [f"{above}# {comment}", text]


def indented(lines: Iterable[str], by: int) -> list[str]:
    return [" " * by + line if line else "" for line in lines]


def comments(text: str, width: int = WIDTH) -> list[str]:
    """A text of any length as lines that begin with #."""
    return textwrap.wrap(_printable(text), width, initial_indent="# ", subsequent_indent="#   ")


def commented(lines: Iterable[str]) -> list[str]:
    """YAML that counts once the leading "# " is taken away."""
    return [f"# {line}" for line in lines]
