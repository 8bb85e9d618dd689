"""Which criterion each line means: by hand, by the catalogue, by likeness, in that order."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from service.domain.done.likeness import ALIKE, likeness, start
from service.domain.done.line import Line, line_of
from service.domain.done.standard import Catalogue
from service.domain.plan.product import BaselineCriterion


class Place(NamedTuple):
    """A criterion, sorting as it is listed: ``group`` 0 is the baseline, 1 the catalogue, 2 the rest."""

    group: int
    rank: int
    id: str


class Baseline:
    """The baseline's criteria, and how a line is found to mean one."""

    def __init__(self, criteria: Sequence[BaselineCriterion], catalogue: Catalogue) -> None:
        self._by_key: dict[str, Place] = {}
        self._by_standard: dict[str, list[tuple[Place, Line]]] = {}
        self._like = Leaders()
        said = list(_said(criteria))
        for place, line in said:
            self._by_key.setdefault(line.key, place)
            self._like.add(place, line)
        for place, line in said:
            if standard := catalogue.find(line.words):
                self._by_standard.setdefault(standard, []).append((place, line))
        for rank, one in enumerate(criteria):
            self._claim_id(Place(0, rank, one.id), catalogue)

    def _claim_id(self, place: Place, catalogue: Catalogue) -> None:
        """An id stands for itself, so that no criterion outside the baseline can have it too."""
        line = line_of(place.id)
        if line is None:
            return
        self._by_key.setdefault(line.key, place)
        if place.id in catalogue.texts:
            self._by_standard.setdefault(place.id, []).append((place, line))

    def by_hand(self, line: Line) -> Place | None:
        return self._by_key.get(line.key)

    def of_standard(self, standard: str, line: Line) -> Place | None:
        """Of several criteria that mean the same standard one, the one most like the line."""
        known = self._by_standard.get(standard)
        return (known and max(known, key=lambda one: (likeness(line, one[1]), -one[0].rank))[0]) or None

    def like(self, line: Line) -> Place | None:
        return self._like.nearest(line)


def _said(criteria: Sequence[BaselineCriterion]) -> Iterator[tuple[Place, Line]]:
    """Every text of the baseline, then everything it says a criterion is also called."""
    places = [Place(0, rank, one.id) for rank, one in enumerate(criteria)]
    texts = [(place, one.text) for place, one in zip(places, criteria, strict=True)]
    also = [(place, text) for place, one in zip(places, criteria, strict=True) for text in one.also]
    return ((place, line) for place, text in (*texts, *also) if (line := line_of(text)) is not None)


class Leaders:
    """Lines that stand for a criterion each, found by the starts of their words."""

    def __init__(self) -> None:
        self._all: list[tuple[Place, Line, int]] = []  # with how many starts it has
        self._by_start: dict[str, list[int]] = {}

    def add(self, place: Place, line: Line) -> None:
        starts = _starts(line)
        for one in starts:
            self._by_start.setdefault(one, []).append(len(self._all))
        self._all.append((place, line, len(starts)))

    def nearest(self, line: Line) -> Place | None:
        alike = [
            (-found, place) for place, known in self._near(line) if (found := likeness(line, known)) >= ALIKE
        ]
        return min(alike)[1] if alike else None

    def _near(self, line: Line) -> Iterator[tuple[Place, Line]]:
        """Those whose words may all be in the line, or the line's all in theirs: no others are alike."""
        starts = _starts(line)
        shared = Counter(chain.from_iterable(self._by_start.get(one, ()) for one in starts))
        for number, count in shared.items():
            place, known, size = self._all[number]
            if count == size or count == len(starts):
                yield place, known


def _starts(line: Line) -> set[str]:
    return {start(word) for word in line.content}


def match(lines: Iterable[Line], baseline: Baseline, catalogue: Catalogue) -> dict[str, Place]:
    """Line key → its criterion. The same whatever the order of the lines.

    Lines that neither the baseline nor the catalogue knows gather around the shortest of
    them, and the normalised text of that one is the criterion's id.
    """
    found: dict[str, Place] = {}
    unknown: list[Line] = []
    for line in {line.key: line for line in lines}.values():
        place = _known(line, baseline, catalogue)
        if place is None:
            unknown.append(line)
        else:
            found[line.key] = place
    leaders = Leaders()
    for line in sorted(unknown, key=lambda one: (len(one.content), one.key)):
        place = leaders.nearest(line)
        if place is None:
            place = Place(2, 0, line.key)
            leaders.add(place, line)
        found[line.key] = place
    return found


def _known(line: Line, baseline: Baseline, catalogue: Catalogue) -> Place | None:
    if place := baseline.by_hand(line):
        return place
    standard = catalogue.find(line.words)
    if standard is None:
        return baseline.like(line)
    return baseline.of_standard(standard, line) or Place(1, catalogue.rank(standard), standard)
