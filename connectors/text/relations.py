"""Dependencies that a description states: a phrase, and the references that follow it (rulebook, Edges)."""

import re
from collections.abc import Iterator

from connectors.item import Link
from connectors.reference import TextLocation, may_hold_references
from connectors.text.lists import HEADING, Above, Lists
from connectors.text.negation import is_taken_back
from connectors.text.phrases import Phrase, Phrases, phrases_of
from connectors.text.references import References
from connectors.text.spans import readable
from connectors.text.subjects import SubjectReader
from connectors.vocabulary import Vocabulary

_TO_REFERENCE = re.compile(r"[ \t*_+:]*+")
_TO_CELL = re.compile(r"[ \t]*+\|{1,2}[ \t*_+]*+")
_TO_LINE_END = re.compile(r"[ \t#]*+(?:\n|\Z)")
_UNDERLINE = re.compile(r"[ \t]*+(?:-{2,}+|={2,}+)[ \t]*+(?:\n|\Z)")
_EMPTY_LINES = re.compile(r"(?:[ \t]*+\n)*+")
_EMPHASIS = re.compile(r"[ \t]*+[*_+]{0,3}")
_WORD = re.compile(r"[^\W_]")


def find_dependencies(body: str, vocabulary: Vocabulary, location: TextLocation) -> tuple[Link, ...]:
    """Each (subject, relation, reference) once, in the text's order. ``words`` is the phrase as written."""
    if not may_hold_references(body):
        return ()
    found: dict[tuple[str | None, str, str], Link] = {}
    for link in _Reader(readable(body, location.tracker), phrases_of(vocabulary), location).links():
        found.setdefault((link.subject, link.relation, link.ref), link)
    return tuple(found.values())


class _Reader:
    def __init__(self, text: str, phrases: Phrases, location: TextLocation) -> None:
        self._text = text
        self._phrases = phrases
        self._references = References(location, phrases.joiners)
        self._lists = Lists(text, location)
        self._subjects = SubjectReader(text, self._references)

    def links(self) -> Iterator[Link]:
        for found, phrase in self._phrases.find(self._text):
            refs = tuple(self._following(found, phrase))
            if not refs:
                continue
            subjects = self._subjects.of(found, _end(_TO_REFERENCE, self._text, found.end()))
            if not is_taken_back(self._text, found.start(), found[0], self._phrases.negations):
                words = _seen(found[0]) if phrase.tail is None else phrase.words
                for subject in subjects:
                    for ref in refs:
                        yield Link(phrase.relation, ref, "text", words, subject=subject)

    def _following(self, found: re.Match[str], phrase: Phrase) -> Iterator[str]:
        if phrase.tail is not None:
            return self._enclosed(found.end(), phrase.tail)
        start = _end(_TO_REFERENCE, self._text, found.end())
        if run := self._references.at(self._text, start):
            return iter(() if self._phrases.negations_after.match(self._text, run.end) else run.refs)
        if cell := _TO_CELL.match(self._text, start):
            return self._run(cell.end())
        if line_end := _TO_LINE_END.match(self._text, start):
            return self._below(line_end.end(), found, start)
        return iter(())

    def _enclosed(self, start: int, tail: re.Pattern[str]) -> Iterator[str]:
        run = self._references.at(self._text, _end(_TO_REFERENCE, self._text, start))
        return iter(run.refs if run and tail.match(self._text, run.end) else ())

    def _below(self, start: int, found: re.Match[str], end: int) -> Iterator[str]:
        """What stands under the phrase ``found``, of whose line the end is reached at ``end``."""
        line = self._text.rfind("\n", 0, found.start()) + 1
        underlined = _UNDERLINE.match(self._text, start)
        top = underlined.end() if underlined else start
        begin = _end(_EMPTY_LINES, self._text, top)
        if self._lists.entry(begin):
            return self._listed(begin, self._lists.above(line, found.start()))
        if begin > top and not (underlined or self._is_label(line, found, end)):
            return iter(())
        return self._run(_end(_EMPHASIS, self._text, begin))

    def _is_label(self, line: int, found: re.Match[str], end: int) -> bool:
        """After a heading, a colon or the bare phrase, what follows an empty line may still be meant."""
        before = self._text[line : found.start()]
        is_bare = _WORD.search(before) is None
        return is_bare or ":" in self._text[found.end() : end] or HEADING.match(before) is not None

    def _listed(self, start: int, above: Above) -> Iterator[str]:
        for one in self._lists.entries(start, above):
            yield from self._run(_end(_EMPHASIS, self._text, one.content))

    def _run(self, start: int) -> Iterator[str]:
        run = self._references.at(self._text, start)
        return iter(run.refs if run else ())


def _seen(words: str) -> str:
    return " ".join(words.replace("*", " ").replace("_", " ").split())


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
