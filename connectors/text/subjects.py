"""Of which item a sentence says that it waits for another: mostly the one whose text it stands in.

"ONL-4, which depends on STO-2" and "STO-7 wacht op ONL-1" speak of ONL-4 and STO-7 (rulebook, Edges).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from connectors.text.references import ReferenceRow, References

Subjects = tuple[str | None, ...]
"""References; None stands for the item of the text. Empty: the sentence speaks of something else."""

_NEAR = 160
"""Characters before a phrase that are looked at."""

_SELF: Subjects = (None,)
_REMARK = r"[*_+]{0,3}(?:[ \t]{0,4}(?:\([^()\n]{1,100}\)|\ufffc))?[*_+]{0,3}"
_NOUN = (
    r"(?:(?:'s[ \t]+\w+)|[ \t]+(?:work|change|story|ticket|issue|epic|task|bug|feature|part|migration|api"
    r"|verhaal|taak|werk|deel))?"
)
_HELPERS = (
    r"(?:(?:is|are|be|been|has|have|will|would|must|may|might|should|could|can|does|do|seems to|appears to"
    r"|in turn|at the moment|right now|now|today|still|also|itself|themselves|just|only|then|both|all|each"
    r"|first|again|already|therefore|thus|however|though|too|\w+ly|was|were|had|not|no|longer|never|\w+n't"
    r"|zijn|wordt|worden|heeft|hebben|zal|zou|moet|kan|nu|nog|steeds|ook|zelf|momenteel|op dit moment|dus|dan"
    r"|weer|eerst|alleen|slechts|al|beide|allebei|deels|daarom|verder|eigenlijk|helaas|voorlopig|vooralsnog"
    r"|echter|werd|werden|waren|niet|meer|nooit|langer)[ \t,]{1,4}|[*_+]){0,6}"
)
_RELATIVE = r"(?:which|that|who|die|dat|welke|hetgeen)"
_SELF_NAMED = r"(?:this|it|we|dit|deze|wij)(?:[ \t]+(?:one|story|issue|ticket|item|task|epic|verhaal|taak))?"

_RELATED = re.compile(rf"{_REMARK}[ \t]*,?\s{{1,4}}{_RELATIVE}[ \t]+{_HELPERS}", re.IGNORECASE)
_BRACKETED = re.compile(rf"[*_+]{{0,3}}[ \t]{{1,4}}\((?:{_RELATIVE}[ \t]+)?{_HELPERS}", re.IGNORECASE)
_DIRECT = re.compile(rf"\)?{_REMARK}{_NOUN}[ \t]+{_HELPERS}", re.IGNORECASE)
_WRAPPED = re.compile(rf"{_REMARK}{_NOUN}[ \t]*\n[ \t]*{_HELPERS}", re.IGNORECASE)
_LABELLED = re.compile(
    rf"{_REMARK}(?:[ \t]*[:,]|[ \t]+[-–—→]+>?|[ \t]*=>)[ \t]+{_HELPERS}"
    rf"|{_REMARK}[ \t]*(?::|[ \t][-–—→]+>?)[ \t]+(?P<words>[^.!?;|\n]{{1,100}})",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"{_REMARK}[ \t]+(?P<words>[^.!?;|\n]{{1,100}})")
_JOINED_VERB = re.compile(
    r"(?P<words>[^.!?;|\n]{1,150}?)(?:[ \t,]+(?:and|but|so|because|since|en|maar|dus|omdat|want))"
    rf"(?:[ \t]+(?:it|they|ze|het|hij|deze|die))?[ \t]+{_HELPERS}",
    re.IGNORECASE,
)
_TOGETHER = re.compile(rf"{_REMARK}[ \t]+(?:and|en|&)[ \t]+{_SELF_NAMED}[ \t]+{_HELPERS}", re.IGNORECASE)
_WITH_SELF = re.compile(rf"\b{_SELF_NAMED}[ \t]+(?:and|en|&)[ \t]+[*_\[]{{0,3}}\Z", re.IGNORECASE)
_SHARED = re.compile(
    rf"{_REMARK}[ \t]*(?:[,;][ \t]*)?(?:(?:and|but|or|yet|then|en|maar|of|&)[ \t]+)?"
    rf"(?:(?:it|they|ze|hij|het)[ \t]+)?{_HELPERS}",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:this|we|our|us|i|you|these|those|here|there|dit|wij|ons|onze|deze|hier|er|jullie)\b", re.IGNORECASE
)
"""They are what the sentence speaks of, whatever stands before them."""

_SENTENCE = re.compile(
    rf"{_OTHERS.pattern}|,|\b(?:that|so|because|and|but|is|was|are|has|have|it|dat|omdat|en|maar|dus|heeft|zijn)\b",
    re.IGNORECASE,
)

_MANY = re.compile(r"\b(?:are|both|all|have|zijn|worden|hebben|beide|allebei)\b", re.IGNORECASE)
_PLURAL = re.compile(
    r"(?:depend|need|require|wait|block|exclude|contradict|conflict|wachten|hangen|hebben|blokkeren|sluiten)\b",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[*_]*[A-Z][a-z]")
_LINE_MARK = re.compile(
    r"[ \t]*+(?:(?:[-*+•#]{1,9}|\d{1,4}[.)]|h[1-6]\.)[ \t]+)?(?:\[[ xX]?\][ \t]+)?[*_]{0,3}"
)
_LIST_MARK = re.compile(r"[ \t]*+(?:[-*+•#]{1,9}|\d{1,4}[.)])[ \t]")
_SENTENCE_END = re.compile(r"[.!?;][ \t]+[*_]{0,3}")
_BOUNDARY = re.compile(r"[.!?][ \t]|\n[ \t]*\n")
_DIGIT = re.compile(r"[0-9]")
_CELL = re.compile(r"[ \t]*+\|{0,2}[ \t*_]*+")
_CELL_END = re.compile(rf"{_REMARK}[ \t*_]*+\|")
_LEAST_WRAPPED = 40  # characters of a line that goes on in the next one


class _Phrase(NamedTuple):
    """``line`` is where its line begins."""

    start: int
    words: str
    line: int


class SubjectReader:
    """Reads the subjects of phrases in their order, for a phrase may share the one before it."""

    def __init__(self, text: str, references: References) -> None:
        self._text = text
        self._references = references
        self._objects_at, self._subjects = -1, _SELF  # of the phrase before
        self._leads: dict[int, ReferenceRow | None] = {}

    def of(self, phrase: re.Match[str], objects_at: int) -> Subjects:
        """Of a phrase whose own references begin at ``objects_at``."""
        self._subjects = self._of(phrase)
        self._objects_at = objects_at
        return self._subjects

    def _of(self, found: re.Match[str]) -> Subjects:
        start = found.start()
        phrase = _Phrase(start, found[0], self._text.rfind("\n", 0, start) + 1)
        cell = self._lead(_end(_CELL, self._text, phrase.line), phrase)
        if cell and _CELL_END.match(self._text, cell.end, phrase.start):
            return cell.refs
        subjects: Subjects | None = None
        if last := self._last(phrase):
            subjects = self._right_before(last, phrase)
            if subjects is None:
                subjects = self._shared(last, phrase)
        if subjects is None:
            subjects = self._leading(phrase)
        return _SELF if subjects is None else subjects

    def _last(self, phrase: _Phrase) -> ReferenceRow | None:
        """The references that stand nearest before it, in its sentence, in its line or the one above."""
        above = phrase.line
        if phrase.line and not _CAPITAL.match(self._text, phrase.line):
            above = self._text.rfind("\n", 0, phrase.line - 1) + 1
        begin = max(above, phrase.start - _NEAR)
        for boundary in _BOUNDARY.finditer(self._text, begin, phrase.start):
            begin = boundary.end()
        if not _DIGIT.search(self._text, begin, phrase.start):
            return None
        last = None
        for row in self._references.rows(self._text, begin, phrase.start):
            last = row
        return last

    def _lead(self, place: int, phrase: _Phrase) -> ReferenceRow | None:
        """References that begin exactly there; a line's are read once for all its phrases."""
        if place not in self._leads:
            self._leads[place] = self._references.at(self._text, place)
        row = self._leads[place]
        return row if row and row.end <= phrase.start else None

    def _right_before(self, row: ReferenceRow, phrase: _Phrase) -> Subjects | None:
        between = self._text[row.end : phrase.start]
        if _RELATED.fullmatch(between) or _BRACKETED.fullmatch(between):
            is_plural = _MANY.search(between) or _PLURAL.match(phrase.words)
            return row.refs if is_plural else row.refs[-1:]
        if _TOGETHER.fullmatch(between):
            return (*row.refs, None)
        if between.startswith(")") and self._text[row.start - 1] != "(":
            return None  # "this story (part of ONL-4) depends on STO-2"
        is_direct = _DIRECT.fullmatch(between) or (
            self._column(row) > _LEAST_WRAPPED and _WRAPPED.fullmatch(between)
        )
        if not is_direct or (_CAPITAL.match(phrase.words) and not self._is_line_start(row)):
            return None
        return (
            (*row.refs, None)
            if _WITH_SELF.search(self._text, max(0, row.start - _NEAR), row.start)
            else row.refs
        )

    def _shared(self, row: ReferenceRow, phrase: _Phrase) -> Subjects | None:
        """ "ONL-4 depends on STO-2 and blocks STO-3": the second phrase has the subject of the first."""
        is_shared = row.start == self._objects_at and _SHARED.fullmatch(self._text, row.end, phrase.start)
        return self._subjects if is_shared else None

    def _leading(self, phrase: _Phrase) -> Subjects | None:
        """References that its line or its sentence begins with, such as an entry of a list."""
        row = self._lead(_end(_LINE_MARK, self._text, phrase.line), phrase)
        if row and phrase.start - row.end <= 2 * _NEAR:
            patterns = [_JOINED_VERB, _LABELLED]
            if _LIST_MARK.match(self._text, phrase.line):
                patterns.append(_TITLED)
            if self._leads_to(phrase, row, patterns) or self._is_title(row, phrase):
                return row.refs
        begin = phrase.line
        for end in _SENTENCE_END.finditer(
            self._text, max(phrase.line, phrase.start - 2 * _NEAR), phrase.start
        ):
            begin = end.end()
        row = self._lead(begin, phrase) if begin > phrase.line else None
        return row.refs if row and self._leads_to(phrase, row, [_JOINED_VERB]) else None

    def _is_title(self, row: ReferenceRow, phrase: _Phrase) -> bool:
        """ "ONL-4 New vouchers depends on STO-2": what follows the key is the item's title, no sentence."""
        found = _TITLED.fullmatch(self._text, row.end, phrase.start)
        return found is not None and not _SENTENCE.search(found["words"])

    def _leads_to(self, phrase: _Phrase, row: ReferenceRow, patterns: Sequence[re.Pattern[str]]) -> bool:
        for pattern in patterns:
            found = pattern.fullmatch(self._text, row.end, phrase.start)
            if found and not _OTHERS.search(found["words"] or ""):
                return True
        return False

    def _column(self, row: ReferenceRow) -> int:
        return row.end - self._text.rfind("\n", 0, row.start)

    def _is_line_start(self, row: ReferenceRow) -> bool:
        mark = _LINE_MARK.match(self._text, self._text.rfind("\n", 0, row.start) + 1)
        return mark is not None and mark.end() == row.start


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
