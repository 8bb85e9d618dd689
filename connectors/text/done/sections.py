"""The list under a heading named like "Definition of Done": in an issue, a document or an issue template."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from connectors.item import DodLine
from connectors.text.bullets import Bullet, bullet
from connectors.text.done.checklists import cleaned, is_heading, listed, spoken_lines
from connectors.text.signs import has_any, signs
from connectors.vocabulary import Vocabulary

_ATX = re.compile(r"[ \t]*(#{1,6})[ \t]+(\S.*)")
_WIKI = re.compile(r"[ \t]*h([1-6])\.[ \t]*(\S.*)", re.IGNORECASE)
_UNDERLINE = re.compile(r"[ \t]*(?:(=+)|-{2,})[ \t]*")
_BOLD = re.compile(r"[ \t]*(\*\*|__|\*|_)(?=\S)([^*_]{1,200})\1[ \t]*:?[ \t]*")
_FORM_LABEL = re.compile(r"(?P<blank>[ \t]*)(?:-[ \t]+)?label:[ \t]*(?P<name>\S.*)")
_FORM_ENTRY = re.compile(r"([ \t]*-[ \t]+)(?:label:[ \t]*)?([\"']?)(.*?)\2")
_REMARK = re.compile(r"\([^()]{0,60}\)")
_EDGES = re.compile(r"^(?:[\W_]|\d+[.)])+|[\W_]+$")

_BOLD_LEVEL = 7
_MOST_WORDS = 6
_LONGEST_NAME = 300
_LONGEST_PREAMBLE = 3  # lines between a label and its list


class _Heading(NamedTuple):
    """Levels 1 to 6 are headings, 7 a line in bold; ``first`` is the place of the line below."""

    level: int
    name: str
    first: int


def dod_section(text: str, vocabulary: Vocabulary) -> tuple[DodLine, ...]:
    """The lines of the first such section that has any, up to the next heading of its level or above."""
    folded = text.casefold()
    if not has_any(signs(vocabulary.dod_names), folded) or not has_any(vocabulary.dod_names, folded):
        return ()
    lines = spoken_lines(text)
    for place in range(len(lines)):
        if section := _section(lines, place, vocabulary.dod_names):
            return section
    return ()


def _section(lines: Sequence[str], place: int, names: Sequence[str]) -> tuple[DodLine, ...]:
    if not has_any(names, lines[place].casefold()):
        return ()
    heading = _heading(lines, place)
    if heading and heading.level < _BOLD_LEVEL and _is_headed(heading.name, names):
        return tuple(listed(list(_under(lines, heading))))
    if (label := _FORM_LABEL.fullmatch(lines[place])) and _is_named(label["name"], names):
        return tuple(listed(list(_form_entries(lines[place + 1 :], len(label["blank"])))))
    own = bullet(lines[place])
    name = lines[place][own.content :] if own else lines[place]
    if _is_named(name, names):
        return tuple(listed(list(_right_below(lines, place + 1, own.depth if own else -1))))
    return ()


def _heading(lines: Sequence[str], place: int) -> _Heading | None:
    line = lines[place]
    if found := _ATX.fullmatch(line):
        return _Heading(len(found[1]), found[2], place + 1)
    if found := _WIKI.fullmatch(line):
        return _Heading(int(found[1]), found[2], place + 1)
    below = lines[place + 1] if place + 1 < len(lines) else ""
    if line.strip() and not bullet(line) and (found := _UNDERLINE.fullmatch(below)):
        return _Heading(1 if found[1] else 2, line, place + 2)
    return _Heading(_BOLD_LEVEL, found[2], place + 1) if (found := _BOLD.fullmatch(line)) else None


def _under(lines: Sequence[str], own: _Heading) -> Iterator[str]:
    is_wiki = not lines[own.first - 1].lstrip().startswith("#")
    for place in range(own.first, len(lines)):
        heading = _heading(lines, place)
        if is_wiki and _is_numbered(lines, place):
            heading = None
        if heading and heading.level <= own.level:
            return
        yield "" if heading else lines[place]


def _right_below(lines: Sequence[str], first: int, depth: int) -> Iterator[str]:
    """Up to the end of the list; a sentence may stand before it."""
    has_begun = False
    for place in range(first, len(lines)):
        line, one = lines[place], bullet(lines[place])
        if one is None and line[:1].strip() and (has_begun or place - first > _LONGEST_PREAMBLE):
            return
        if _is_other_list(lines, place, one, depth):
            return
        has_begun = has_begun or one is not None
        yield line


def _is_other_list(lines: Sequence[str], place: int, one: Bullet | None, depth: int) -> bool:
    if one is not None and one.depth <= depth:
        return True
    return _heading(lines, place) is not None and not _is_numbered(lines, place)


def _is_numbered(lines: Sequence[str], place: int) -> bool:
    one = bullet(lines[place])
    return one is not None and one.mark == "#" and not is_heading(lines, place, one)


def _form_entries(lines: Sequence[str], indent: int) -> Iterator[str]:
    """The options of a field of a GitHub issue form, which is YAML."""
    for line in lines:
        words = line.lstrip()
        if words.startswith("label:") or (words and len(line) - len(words) < indent):
            return
        if found := _FORM_ENTRY.fullmatch(line.rstrip()):
            yield found[1] + found[3]


def _is_headed(name: str, names: Sequence[str]) -> bool:
    words = _bare(name)
    if len(words.split()) > _MOST_WORDS:
        return False
    return any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", words) for one in names)


def _is_named(name: str, names: Sequence[str]) -> bool:
    return _bare(_REMARK.sub(" ", name[:_LONGEST_NAME])) in names


def _bare(name: str) -> str:
    return " ".join(_EDGES.sub("", cleaned(name[:_LONGEST_NAME])).casefold().split())
