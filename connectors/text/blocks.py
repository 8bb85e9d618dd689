"""Which lines of a description speak: fenced and indented code, quotes and comments do not.

Jira's text is read as wiki markup and as Markdown at once: it comes as either (connectors/jira/parse/adf.py).
"""

import re
from collections.abc import Iterator
from enum import Enum, auto

OPAQUE = "\ufffc"
"""Stands for something that is there but says nothing: code, a quote."""

_MACRO = re.compile(r"\{(code|noformat|quote)(?::[^}\n]{0,200})?\}", re.IGNORECASE)
_FENCE = re.compile(r"[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+(`{3,}+(?!.*`)|~{3,}+)")
_COMMENT = re.compile(r"[ \t]*<!--")
_QUOTE = re.compile(r"[ \t]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?(?:>|bq\.[ \t])")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)[ \t]*\S")
_LIST_LINE = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_ALIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2011": "-", "’": "'", "：": ":"})


def normalised(text: str) -> str:
    """With plain line ends, spaces, hyphens and apostrophes, and without marks that nobody sees."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("&nbsp;", " ").replace("&amp;", "&")
    return plain if plain.isascii() else _UNSEEN.sub("", plain).translate(_ALIKE)


def without_macros(text: str) -> str:
    """Wiki markup without what stands in {code}, {noformat} and {quote}; an unclosed one is text."""
    tags = list(_MACRO.finditer(text))
    left = {name: [tag[1].lower() for tag in tags].count(name) for name in ("code", "noformat", "quote")}
    parts: list[str] = []
    opened, done = "", 0
    for tag in tags:
        name = tag[1].lower()
        left[name] -= 1
        if not opened and left[name]:
            parts.append(text[done : tag.start()])
            opened, done = name, tag.start()
        elif name == opened:
            parts.append(OPAQUE + "\n" * text.count("\n", done, tag.end()))
            opened, done = "", tag.end()
    return "".join((*parts, text[done:]))


class _State(Enum):
    TEXT = auto()
    FENCE = auto()
    COMMENT = auto()


def speaking_lines(text: str) -> str:
    """Line by line; a quote or code leaves OPAQUE in its place, a comment nothing."""
    return "\n".join(_spoken(text.split("\n")))


def _spoken(lines: list[str]) -> Iterator[str]:
    state, fence = _State.TEXT, ""
    for line in lines:
        if state is _State.FENCE:
            state = _State.TEXT if _closes(line, fence) else state
            yield OPAQUE
        elif state is _State.COMMENT:
            _, found, rest = line.partition("-->")
            state = _State.TEXT if found else state
            yield rest
        elif opening := _FENCE.match(line):
            state, fence = _State.FENCE, opening[1]
            yield OPAQUE
        elif _COMMENT.match(line) and "-->" not in line:
            state = _State.COMMENT
            yield ""
        else:
            yield OPAQUE if _QUOTE.match(line) else line


def _closes(line: str, fence: str) -> bool:
    words = line.strip()
    return len(words) >= len(fence) and not words.strip(fence[0])


def without_indented_code(text: str) -> str:
    """Markdown's code by four blanks: after an empty line, and not within a list."""
    lines = text.split("\n")
    is_free, in_code, in_list = True, False, False
    for place, line in enumerate(lines):
        if not line.strip():
            is_free = True
            continue
        in_code = bool(_INDENTED.match(line)) and not in_list and (is_free or in_code)
        if in_code:
            lines[place] = OPAQUE
        elif not line.startswith((" ", "\t")) or _LIST_LINE.match(line):
            in_list = bool(_LIST_LINE.match(line)) or (in_list and not is_free)
        is_free = False
    return "\n".join(lines)
