"""The lines of a list, with or without boxes, in Markdown and in wiki markup."""

import re
from collections.abc import Iterator, Sequence

from connectors.item import DodLine
from connectors.text.blocks import OPAQUE, normalised, speaking_lines, without_macros
from connectors.text.bullets import Bullet, bullet

_SILENT = re.compile(r"<!--.{0,400}?-->|~~[^~]{1,500}~~|<(del|s|strike)>[^<>]{0,500}</\1>", re.IGNORECASE)
_STRUCK = re.compile(r"-\S.*\S-")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>|\{color(?::[^}\n]{0,50})?\}")
_LINK = re.compile(r"!?\[([^\[\]|\n]{1,300}+)(?:\]\([^()\n]{0,2000}\)|\|[^\[\]\n]{0,2000}\])")
_EMPHASIS = re.compile(r"(\*\*|__|(?<!\w)[*_](?=\S))(.{1,120}?)(?<=\S)\1(?!\w)")
_TRAILING = re.compile(r"[ \t](?:\((?P<icon>[/x])\)|(?P<sign>[☑✅✔✓❌☐⬜])\ufe0f?)[ \t]*$")
_WORD = re.compile(r"[^\W_]")


def checklist(text: str) -> tuple[DodLine, ...]:
    """Every line of every list, nested ones too, in their order; () when the text has no list."""
    return tuple(listed(spoken_lines(text)))


def spoken_lines(text: str) -> list[str]:
    """The lines of a text without its code, quotes and comments."""
    spoken = speaking_lines(without_macros(normalised(text)))
    return ["" if OPAQUE in line else line for line in spoken.split("\n")]


def listed(lines: Sequence[str]) -> Iterator[DodLine]:
    """A line may go on below, indented. ``# x`` is a heading unless others like it stand around it."""
    words, is_ticked = "", False
    is_alone = sum(1 for line in lines if line.strip()) == 1
    for place, line in enumerate(lines):
        one = bullet(line)
        if one and (is_alone or not is_heading(lines, place, one)):
            yield from _line(words, is_ticked)
            words, is_ticked = line[one.content :], one.is_ticked
        elif words and one is None and line.startswith((" ", "\t")) and line.strip():
            words += " " + line.strip()
        else:
            yield from _line(words, is_ticked)
            words = ""
    yield from _line(words, is_ticked)


def is_heading(lines: Sequence[str], place: int, one: Bullet) -> bool:
    """Whether ``# x`` stands alone, which entries of a numbered wiki list do not."""
    if one.mark != "#":
        return False
    around = (lines[place - 1] if place else "", lines[place + 1] if place + 1 < len(lines) else "")
    has_like = any((other := bullet(line)) and other.mark in "#*-" and line[:1] == "#" for line in around)
    return not has_like


def _line(words: str, is_ticked: bool) -> Iterator[DodLine]:
    if _STRUCK.fullmatch(words.strip()):
        return
    trailing = _TRAILING.search(words)
    if trailing:
        words = words[: trailing.start()]
        is_ticked = is_ticked or trailing["icon"] == "/" or (trailing["sign"] or " ") in "☑✅✔✓"
    said = cleaned(words)
    if _WORD.search(said):
        yield DodLine(said, is_ticked)


def cleaned(words: str) -> str:
    """As a reader sees them: without comments, struck text, emphasis, and the addresses of links."""
    seen = _TAG.sub("", _SILENT.sub(" ", words))
    return " ".join(_EMPHASIS.sub(r"\2", _LINK.sub(r"\1", seen)).split())
