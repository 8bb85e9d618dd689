"""One phrase of the catalogue: words that must all occur in a line.

``code review``    both words, in any order; a word fits what begins with it
``fix|resolv``     either
``*dekking``       also inside a word, because Dutch writes words together: testdekking
``!staging``       must not occur
``= tested``       nothing else but small words

A word of up to three letters fits whole words only; one of six letters or more forgives a typo.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from service.domain.done.line import NEGATIONS, SMALL

_WHOLE = 3  # letters up to which a word must fit whole
_FORGIVING = 6  # letters from which one typo is forgiven

Fits = Callable[[str, str], bool]


class Phrase(NamedTuple):
    needed: tuple[tuple[str, ...], ...]  # of each group, one word must occur
    barred: tuple[str, ...]
    is_whole: bool  # nothing else may stand in the line
    is_negative: bool  # has a "no" of its own


class Hit(NamedTuple):
    """Sorts by how well a phrase describes a line: the more words the better, then the sooner said."""

    words: int  # minus their number
    end: int  # place of the last word it needs
    start: int


def phrase_of(text: str) -> Phrase:
    is_whole = text.startswith("=")
    words = text.removeprefix("=").split()
    needed = tuple(tuple(word.split("|")) for word in words if not word.startswith("!"))
    barred = tuple(word[1:] for word in words if word.startswith("!"))
    is_negative = any(NEGATIONS.intersection(group) for group in needed)
    return Phrase(needed, barred, is_whole, is_negative)


def does_fit(word: str, token: str) -> bool:
    if word.startswith("*"):
        return word[1:] in token
    if len(word) <= _WHOLE:
        return word == token
    if token.startswith(word):
        return True
    if len(word) < _FORGIVING or word[:2] != token[:2]:
        return False
    return any(OSA.distance(word, token[: len(word) + more], score_cutoff=1) <= 1 for more in (0, 1, -1))


def hit(phrase: Phrase, tokens: Sequence[str], fits: Fits) -> Hit | None:
    """Where the phrase stands in the line; None when it does not, or when the line denies it."""
    found: list[int] = []
    for group in phrase.needed:
        place = _place(group, tokens, fits)
        if place is None:
            return None
        found.append(place)
    if any(fits(word, token) for word in phrase.barred for token in tokens):
        return None
    start, end = min(found), max(found)
    if _is_denied(tokens, start, end) is not phrase.is_negative:
        return None
    if phrase.is_whole and _has_more(phrase, tokens, fits):
        return None
    return Hit(-len(found), end, start)


def _place(group: Sequence[str], tokens: Sequence[str], fits: Fits) -> int | None:
    return next((n for n, token in enumerate(tokens) if any(fits(word, token) for word in group)), None)


def _is_denied(tokens: Sequence[str], start: int, end: int) -> bool:
    """An odd number of negations within the phrase, just before it, or a "not" just after it.

    "Reviewed by someone who did not write it" denies nothing; neither does "no merge without review".
    """
    count = sum(token in NEGATIONS for token in tokens[max(0, start - 2) : end + 1])
    after = tokens[end + 1 : end + 3]
    return (count + any(token in ("not", "niet", "never", "nooit") for token in after)) % 2 == 1


def _has_more(phrase: Phrase, tokens: Sequence[str], fits: Fits) -> bool:
    return any(
        token not in SMALL and not any(fits(word, token) for group in phrase.needed for word in group)
        for token in tokens
    )
