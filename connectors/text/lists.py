"""The list that stands right below a line, and whether it is that line's."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from connectors.reference import TextLocation
from connectors.text.bullets import Bullet, bullet, depth_of

HEADING = re.compile(r"[ \t]*(?:#{1,6}[ \t]|h[1-6]\.)")
_BLANK = re.compile(r"[ \t]*+")


class Above(NamedTuple):
    """The line above a list. ``mark`` is its own when it is itself an entry of a list, else ""."""

    depth: int
    mark: str


class Lists:
    """In Markdown ``# x`` is a heading; in Jira it may be an entry of a numbered list too."""

    def __init__(self, text: str, location: TextLocation) -> None:
        self._text = text
        self._is_markdown = location.tracker == "github"

    def above(self, line: int, end: int) -> Above:
        """Of the line that begins at ``line``, of which the part up to ``end`` is looked at."""
        own = self.entry(line)
        if own:
            return Above(own.depth, own.mark)
        return Above(0 if self.is_heading(line) else depth_of(self._blank(line, end)), "")

    def is_heading(self, line: int) -> bool:
        return self._is_markdown and HEADING.match(self._text, line) is not None

    def entry(self, line: int) -> Bullet | None:
        return None if self.is_heading(line) else bullet(self._text, line)

    def entries(self, start: int, above: Above) -> Iterator[Bullet]:
        """Of the list at ``start``, without those of lists inside it; none if it is not ``above``'s."""
        first = self.entry(start)
        if first is None or not _is_own(first, above):
            return
        line, was_blank = start, False
        while line < len(self._text):
            one = self.entry(line)
            if self._is_past(one, first, above, was_blank) if one else self._is_text(line, first):
                return
            if one and one.depth == first.depth:
                yield one
            end = self._text.find("\n", line) + 1 or len(self._text)
            was_blank = not self._text[line:end].strip()
            line = end

    def _is_past(self, one: Bullet, first: Bullet, above: Above, was_blank: bool) -> bool:
        if one.depth < first.depth or (one.mark == above.mark and one.depth <= above.depth):
            return True
        if self._is_markdown or "#" not in (one.mark, first.mark):
            return False
        return one.mark != first.mark or was_blank

    def _is_text(self, line: int, first: Bullet) -> bool:
        """Of the text below the list; what is indented goes on with an entry."""
        blank = self._blank(line, len(self._text))
        return self._text[line + len(blank) : line + len(blank) + 1] not in ("", "\n") and (
            depth_of(blank) <= first.depth
        )

    def _blank(self, line: int, end: int) -> str:
        found = _BLANK.match(self._text, line, end)
        return found[0] if found else ""


def _is_own(first: Bullet, above: Above) -> bool:
    """A list inside the line's own, or a new one of another kind: over it ``## x`` is a heading."""
    if not above.mark:
        return first.depth >= above.depth
    if first.mark == above.mark:
        return first.depth > above.depth
    return first.depth >= above.depth or above.mark == "#"
