"""Dependencies that a description states: a phrase, and the references that follow it (rulebook, Edges)."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from connectors.item import Link
from connectors.text.bullets import Bullet, bullet
from connectors.text.negation import is_taken_back
from connectors.text.phrases import Phrase, Phrases, phrases_of
from connectors.text.references import Home, References, may_hold_references
from connectors.text.spans import readable
from connectors.vocabulary import Vocabulary

_TO_REFERENCE = re.compile(r"[ \t*_+:]*+")
_TO_CELL = re.compile(r"[ \t]*+\|{1,2}[ \t*_+]*+")
_TO_LINE_END = re.compile(r"[ \t#]*+(?:\n|\Z)")
_UNDERLINE = re.compile(r"[ \t]*+(?:-{2,}+|={2,}+)[ \t]*+(?:\n|\Z)")
_EMPTY_LINES = re.compile(r"(?:[ \t]*+\n)*+")
_BLANK = re.compile(r"[ \t]*+")
_EMPHASIS = re.compile(r"[ \t]*+[*_+]{0,3}")
_HEADING = re.compile(r"[ \t]*(?:#{1,6}[ \t]|h[1-6]\.)")
_WORD = re.compile(r"[^\W_]")


def find_dependencies(body: str, vocabulary: Vocabulary, home: Home) -> tuple[Link, ...]:
    """Each (relation, reference) once, in the order of the text. ``words`` is the phrase as written."""
    if not may_hold_references(body):
        return ()
    found: dict[tuple[str, str], Link] = {}
    for link in _Reader(readable(body, home.tracker), phrases_of(vocabulary), home).links():
        found.setdefault((link.relation, link.ref), link)
    return tuple(found.values())


class _Place(NamedTuple):
    """The line a phrase stands on."""

    own: Bullet | None
    is_label: bool


class _Reader:
    def __init__(self, text: str, phrases: Phrases, home: Home) -> None:
        self._text = text
        self._phrases = phrases
        self._references = References(home, phrases.joiners)
        self._is_markdown = home.tracker == "github"

    def links(self) -> Iterator[Link]:
        for found, phrase in self._phrases.find(self._text):
            refs = tuple(self._following(found, phrase))
            if refs and not is_taken_back(self._text, found.start(), found[0], self._phrases.negations):
                words = " ".join(found[0].split()) if phrase.tail is None else phrase.words
                for ref in refs:
                    yield Link(phrase.relation, ref, "text", words)

    def _following(self, found: re.Match[str], phrase: Phrase) -> Iterator[str]:
        if phrase.tail is not None:
            return self._enclosed(found.end(), phrase.tail)
        start = _end(_TO_REFERENCE, self._text, found.end())
        if run := self._references.at(self._text, start):
            return iter(() if self._phrases.negations_after.match(self._text, run.end) else run.refs)
        if cell := _TO_CELL.match(self._text, start):
            run = self._references.at(self._text, cell.end())
            return iter(run.refs if run else ())
        if line_end := _TO_LINE_END.match(self._text, start):
            return self._below(line_end.end(), self._place(found, start))
        return iter(())

    def _enclosed(self, start: int, tail: re.Pattern[str]) -> Iterator[str]:
        run = self._references.at(self._text, _end(_TO_REFERENCE, self._text, start))
        return iter(run.refs if run and tail.match(self._text, run.end) else ())

    def _place(self, found: re.Match[str], end: int) -> _Place:
        line_start = self._text.rfind("\n", 0, found.start()) + 1
        before = self._text[line_start : found.start()]
        own = None if self._is_heading(line_start) else bullet(self._text, line_start)
        has_colon = ":" in self._text[found.end() : end]
        is_label = has_colon or _HEADING.match(before) is not None or not _WORD.search(before)
        return _Place(own, is_label)

    def _is_heading(self, line_start: int) -> bool:
        return self._is_markdown and _HEADING.match(self._text, line_start) is not None

    def _below(self, start: int, place: _Place) -> Iterator[str]:
        underlined = _UNDERLINE.match(self._text, start)
        top = underlined.end() if underlined else start
        begin = _end(_EMPTY_LINES, self._text, top)
        if self._is_heading(begin):
            return iter(())
        first = bullet(self._text, begin)
        if first is not None:
            return self._listed(begin, first) if _is_own(first, place.own) else iter(())
        if begin > top and not (place.is_label or underlined):
            return iter(())
        run = self._references.at(self._text, _end(_EMPHASIS, self._text, begin))
        return iter(run.refs if run else ())

    def _listed(self, start: int, first: Bullet) -> Iterator[str]:
        """References at the head of each line of the list, not of the lists inside it."""
        line, is_after_blank = start, False
        while line < len(self._text):
            one = None if self._is_heading(line) else bullet(self._text, line)
            if self._ends(line, one, first, is_after_blank):
                return
            if one and one.depth <= first.depth and (run := self._head(one)):
                yield from run
            next_line = self._next_line(line)
            is_after_blank = not self._text[line:next_line].strip()
            line = next_line

    def _head(self, one: Bullet) -> tuple[str, ...]:
        run = self._references.at(self._text, _end(_EMPHASIS, self._text, one.content))
        return run.refs if run else ()

    def _ends(self, line: int, one: Bullet | None, first: Bullet, is_after_blank: bool) -> bool:
        if one is not None:
            is_other = (one.mark == "#") != (first.mark == "#") or (one.mark == "#" and is_after_blank)
            return one.depth < first.depth or (is_other and not self._is_markdown)
        start = _end(_BLANK, self._text, line)
        if self._text[start : start + 1] in ("", "\n"):
            return False
        return _HEADING.match(self._text, line) is not None or (
            is_after_blank and start - line <= first.depth
        )

    def _next_line(self, line: int) -> int:
        end = self._text.find("\n", line)
        return len(self._text) if end < 0 else end + 1


def _is_own(first: Bullet, parent: Bullet | None) -> bool:
    """Whether a list belongs to the line above it: a new list, or one inside the line's own.

    Above a list of another kind ``## …`` is a heading, in Jira too.
    """
    if parent is None or first.depth > parent.depth:
        return True
    return first.mark != parent.mark and (first.depth == parent.depth or parent.mark == "#")


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
