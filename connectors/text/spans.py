"""Which words of a line speak: inline code, quotations, struck-through text and comments do not."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

from connectors.text.blocks import OPAQUE, normalised, speaking_lines, without_indented_code, without_macros

_COMMON = (
    r"(?P<escaped>\\[!-/:-@\[-`{-~])|(?P<ticks>`+)|(?P<comment><!--)"
    r"|<(?P<tag>pre|code|tt|kbd|samp|blockquote|q|del|s|strike)(?=[\s>])[^<>\n]{0,300}>|(?P<struck>~~)"
    r"|(?P<quotation>(?<![\w\"])\"(?=\S)|[“„«])"
)
_GITHUB = re.compile(_COMMON + r"|(?P<tilde>(?<![\w~])~(?=[^\s~]))", re.IGNORECASE)
_JIRA = re.compile(
    _COMMON + r"|(?P<braces>\{\{)|(?P<dash>(?<![\w-])-(?=[^\s\-)|]))",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[\\`<~\"“„«{-]")
"""Everything that opens begins with one of these, which are found much faster."""

_VANISHING = frozenset({"comment", "struck", "tilde", "dash", "del", "s", "strike"})
_STRUCK = _VANISHING - {"comment"}
_JOINED = re.compile(r"[ \t]*+(?:,|&|(?:and|en)(?!\w))", re.IGNORECASE)
_PARAGRAPH_END = re.compile(rf"\n[ \t]*(?=\n|{OPAQUE})")
_LONGEST_QUOTATION = 300

_CLOSING: Mapping[str, re.Pattern[str]] = {
    "comment": re.compile("-->"),
    "struck": re.compile("~~"),
    "tilde": re.compile(r"(?<=[^\s~])~(?![\w~])"),
    "dash": re.compile(r"(?<=[^\s\-(])-(?![\w-])"),
    "braces": re.compile(r"\}\}"),
    "quotation": re.compile(r"(?<=\S)[\"”“»](?!\w)"),
    **{
        name: re.compile(rf"</{name}\s{{0,9}}>", re.IGNORECASE)
        for name in ("pre", "code", "tt", "kbd", "samp", "blockquote", "q", "del", "s", "strike")
    },
}
_WITHIN_LINE = frozenset({"tilde", "dash", "braces"})

_INLINE_TAG = re.compile(
    r"</?(?:b|strong|i|em|u|ins|span|font|sup|sub|small|mark|big|a)(?=[\s/>])[^<>]{0,500}>", re.IGNORECASE
)
_ENTRY_TAG = re.compile(r"<li(?=[\s>])[^<>]{0,300}>", re.IGNORECASE)
_BLOCK_TAG = re.compile(
    r"</?(?:br|p|div|ul|ol|li|details|summary|h[1-6]|hr|table|tbody|thead|tr)(?=[\s/>])[^<>]{0,300}>",
    re.IGNORECASE,
)
_CLOSING_TAG = re.compile(r"</(?:details|ul|ol|table)\s{0,9}>", re.IGNORECASE)
_COLOUR = re.compile(r"\{color(?::[^}\n]{0,50})?\}", re.IGNORECASE)
_WIKI_BLOCK = re.compile(r"\{(?:panel|section|column|expand|info|tip|note|warning)(?::[^}\n]{0,300})?\}|\\\\")


def readable(text: str, tracker: str) -> str:
    """What counts of a description, line under line; OPAQUE stands where code or a quote is."""
    plain = normalised(text)
    if tracker == "jira":
        spoken = _without_spans(speaking_lines(without_macros(plain)), _JIRA)
        return _without_tags(_WIKI_BLOCK.sub("\n", _COLOUR.sub("", spoken)))
    return _without_tags(_without_spans(without_indented_code(speaking_lines(plain)), _GITHUB))


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    apart = _CLOSING_TAG.sub(f"\n{OPAQUE}\n", _INLINE_TAG.sub("", text))
    return _BLOCK_TAG.sub("\n", _ENTRY_TAG.sub("\n- ", apart))


def _without_spans(text: str, opening: re.Pattern[str]) -> str:
    return "".join(_outside(text, opening))


def _outside(text: str, opening: re.Pattern[str]) -> Iterator[str]:
    """What is struck through takes along the comma or "and" that joined it to what follows."""
    find = _Closings(text)
    done = place = 0
    while sign := _SIGN.search(text, place):
        place = sign.end()
        if (found := opening.match(text, sign.start())) is None:
            continue
        kind = found["tag"].lower() if found["tag"] else str(found.lastgroup)
        place = found.end()
        end = find(kind, found) if kind != "escaped" else -1
        if end < 0:
            continue
        yield text[done : found.start()]
        yield (" " if kind in _VANISHING else OPAQUE) + "\n" * text.count("\n", found.start(), end)
        joined = _JOINED.match(text, end) if kind in _STRUCK else None
        done = place = joined.end() if joined else end
    yield text[done:]


class _Closings:
    """Where what is opened ends. No stretch of text is searched twice in vain, so it stays linear."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._line = self._paragraph = -1
        self._missing: dict[str, tuple[int, int]] = {}
        self._runs: dict[int, list[int]] = {}
        for run in re.finditer("`+", text):
            self._runs.setdefault(len(run[0]), []).append(run.start())

    def __call__(self, kind: str, opened: re.Match[str]) -> int:
        """The place behind the closing, -1 when there is none."""
        start = opened.end()
        if kind == "ticks":
            return self._same_ticks(start, len(opened[0]))
        return self._search(kind, start, self._limit(kind, start))

    def _limit(self, kind: str, start: int) -> int:
        if kind in _WITHIN_LINE:
            return self._line_end(start)
        if kind == "quotation":
            return min(self._line_end(start), start + _LONGEST_QUOTATION)
        return self._paragraph_end(start) if kind == "struck" else len(self._text)

    def _search(self, kind: str, start: int, end: int) -> int:
        since, until = self._missing.get(kind, (0, -1))
        if since <= start and end <= until:
            return -1
        if found := _CLOSING[kind].search(self._text, start, end):
            return found.end()
        self._missing[kind] = (start, end)
        return -1

    def _same_ticks(self, start: int, length: int) -> int:
        runs = self._runs[length]
        place = bisect_left(runs, start)
        if place == len(runs) or runs[place] > self._paragraph_end(start):
            return -1
        return runs[place] + length

    def _line_end(self, start: int) -> int:
        if self._line < start:
            self._line = self._end(self._text.find("\n", start))
        return self._line

    def _paragraph_end(self, start: int) -> int:
        if self._paragraph < start:
            found = _PARAGRAPH_END.search(self._text, start)
            self._paragraph = found.start() if found else len(self._text)
        return self._paragraph

    def _end(self, place: int) -> int:
        return len(self._text) if place < 0 else place
