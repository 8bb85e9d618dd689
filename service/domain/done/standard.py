"""The catalogue of standard criteria, built from the data of config/vocabulary."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from service.domain.done.phrase import Hit, Phrase, does_fit, hit, phrase_of


class Catalogue:
    """Which standard criterion a line means. Built once and shared between threads."""

    def __init__(self, texts: Mapping[str, str], phrases: Mapping[str, Sequence[Phrase]]) -> None:
        self.texts = texts  # id → English text, in the catalogue's order
        self._ranks = {one: rank for rank, one in enumerate(texts)}
        self._by_anchor = _by_anchor(phrases)
        self._words_by_start = _by_start(self._by_anchor)
        self._fits = lru_cache(maxsize=1 << 16)(does_fit)
        self._anchors = lru_cache(maxsize=1 << 14)(self._anchors_in)

    def rank(self, criterion: str) -> int:
        return self._ranks[criterion]

    def find(self, words: Sequence[str]) -> str | None:
        """The criterion whose phrase describes the line best: of most words, then first complete."""
        anchors = {word for token in words for word in self._anchors(token)}
        hits = [
            (found, self._ranks[criterion], criterion)
            for word in anchors
            for criterion, phrase in self._by_anchor[word]
            if (found := self._hit(phrase, words)) is not None
        ]
        return min(hits)[2] if hits else None

    def _hit(self, phrase: Phrase, words: Sequence[str]) -> Hit | None:
        return hit(phrase, words, self._fits)

    def _anchors_in(self, token: str) -> tuple[str, ...]:
        near = (*self._words_by_start.get(token[:1], ()), *self._words_by_start.get("*", ()))
        return tuple(word for word in near if does_fit(word, token))


def catalogue(criteria: Iterable[Mapping[str, Any]]) -> Catalogue:
    """``criteria``: id, text, and the phrases ``en`` and ``nl`` (see phrase.py) of each."""
    listed = list(criteria)
    return Catalogue(
        {one["id"]: one["text"] for one in listed},
        {
            one["id"]: [phrase_of(text.casefold()) for text in (*one.get("en", ()), *one.get("nl", ()))]
            for one in listed
        },
    )


def _by_anchor(phrases: Mapping[str, Sequence[Phrase]]) -> dict[str, list[tuple[str, Phrase]]]:
    """Each phrase under the words of its group with the fewest: it cannot occur without one of them."""
    found: dict[str, list[tuple[str, Phrase]]] = {}
    for criterion, listed in phrases.items():
        for phrase in listed:
            for word in min(phrase.needed, key=len):
                found.setdefault(word, []).append((criterion, phrase))
    return found


def _by_start(words: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in words:
        found.setdefault(word[:1], []).append(word)
    return found
