"""Words that a text must hold before a closer look at it is worth its time."""

from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=16)
def signs(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """Few words of which every phrase holds one: its longest, unless another's is in it anyway."""
    found: list[str] = []
    longest = ((max(phrase.split(), key=len), phrase) for phrase in phrases)
    for word, phrase in sorted(longest, key=lambda one: len(one[0])):
        if not has_any(found, phrase):
            found.append(word)
    return tuple(found)


def has_any(words: Iterable[str], text: str) -> bool:
    return any(map(text.__contains__, words))
