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
_SEPARATOR = re.compile(r"-{3,}[ \t]*[^-\s]")
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
    words, own = "", None
    for place, line in enumerate(lines):
        entry = bullet(line)
        if entry and not is_heading(lines, place, entry) and not is_separator(lines, place, entry):
            yield from checklist_line(words, own)
            words, own = line[entry.content :], entry
        elif words and entry is None and line.startswith((" ", "\t")) and line.strip():
            words += " " + line.strip()
        else:
            yield from checklist_line(words, own)
            words = ""
    yield from checklist_line(words, own)


def is_heading(lines: Sequence[str], place: int, one: Bullet) -> bool:
    """Whether ``# x`` stands alone, which entries of a numbered wiki list do not."""
    if one.mark != "#":
        return False
    around = (lines[place - 1] if place else "", lines[place + 1] if place + 1 < len(lines) else "")
    has_like = any((other := bullet(line)) and other.mark in "#*-" and line[:1] == "#" for line in around)
    return not has_like


def is_separator(lines: Sequence[str], place: int, entry: Bullet) -> bool:
    """Whether ``--- x`` parts a checklist, which entries deep inside a wiki list do not."""
    if not _SEPARATOR.match(lines[place]):
        return False
    above = bullet(lines[place - 1]) if place else None
    return above is None or above.mark != "-" or above.depth < entry.depth - 1


def checklist_line(words: str, entry: Bullet | None) -> Iterator[DodLine]:
    """One, or none where nothing is said: a separator, struck-through words."""
    if _STRUCK.fullmatch(words.strip()):
        return
    is_ticked = entry is not None and entry.is_ticked
    trailing = _TRAILING.search(words)
    if trailing:
        words = words[: trailing.start()]
        is_ticked = is_ticked or trailing["icon"] == "/" or (trailing["sign"] or " ") in "☑✅✔✓"
    said = cleaned(words)
    if _WORD.search(said):
        yield DodLine(said, is_ticked, entry is not None and entry.is_optional)


def cleaned(words: str) -> str:
    """As a reader sees them: without comments, struck text, emphasis, and the addresses of links."""
    seen = _TAG.sub("", _SILENT.sub(" ", words))
    return " ".join(_EMPHASIS.sub(r"\2", _LINK.sub(r"\1", seen)).split())
