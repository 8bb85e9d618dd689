"""One team's Definition of Done out of every place that holds it (rulebook, Definitions of Done)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from service.domain.done.figure import Figure
from service.domain.done.likeness import likeness
from service.domain.done.line import Line, line_of

Origin = Literal["items", "document", "items, document", "product", "none"]

_SHARE = 30  # percent of the items that carry a DoD

Identity = tuple[str, Figure | None]


def team_lines(
    item_dods: Sequence[Sequence[str]], documents: Sequence[str] | None, declared: Sequence[str]
) -> tuple[tuple[str, ...], Origin]:
    """A team's lines and where they came from.

    ``item_dods``: of each item that carries a DoD, its lines. One is part of the team's DoD when
    at least 30 % of those items have it, compared without case, accents and marks but with its
    figure; it is shown as most of them spell it, at the place most of them give it.
    ``documents``: the lines of the documents that stand for a whole source. They come first,
    in their order; a line of the items is added unless a document says the same words with
    the same figure. ``declared``, the product file's, counts when the trackers give none.
    """
    stated = _once(documents or ())
    carried = _carried(item_dods)
    if not stated and not carried:
        own = tuple(line.text for line in _once(declared))
        return own, "product" if own else "none"
    added = [line for line in carried if not any(_is_said(line, one) for one in stated)]
    lines = tuple(line.text for line in (*stated, *added))
    if not stated:
        return lines, "items"
    return lines, "items, document" if added else "document"


def _once(texts: Iterable[str]) -> list[Line]:
    """Lines that are not blank, each the first time it is said."""
    found: dict[Identity, Line] = {}
    for text in texts:
        if line := line_of(text):
            found.setdefault(line.identity, line)
    return list(found.values())


def _is_said(line: Line, other: Line) -> bool:
    return line.figure == other.figure and likeness(line, other) == 1.0


class _Tally:
    """How often one line is carried, how it is spelled, and at which place."""

    def __init__(self) -> None:
        self.items = 0
        self._texts: Counter[str] = Counter()
        self._places: Counter[int] = Counter()

    def add(self, text: str, place: int, items: int) -> None:
        self.items += items
        self._texts[text] += items
        self._places[place] += items

    @property
    def text(self) -> str:
        return min(self._texts, key=lambda text: (-self._texts[text], text))

    @property
    def place(self) -> int:
        return min(self._places, key=lambda place: (-self._places[place], place))


def _carried(item_dods: Iterable[Sequence[str]]) -> list[Line]:
    """Most items of a team carry the very same list, so each list is read once."""
    tallies: dict[Identity, _Tally] = {}
    carrying = 0
    for texts, items in Counter(map(tuple, item_dods)).items():
        lines = _once(texts)
        carrying += items if lines else 0
        for place, line in enumerate(lines):
            tallies.setdefault(line.identity, _Tally()).add(line.text, place, items)
    kept = [one for one in tallies.values() if one.items * 100 >= carrying * _SHARE]
    kept.sort(key=lambda one: (one.place, one.text))
    return [line for line in (line_of(one.text) for one in kept) if line]
