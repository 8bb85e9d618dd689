"""Numbers in words, zero to a hundred, in English and Dutch: "twenty-five", "vijfentwintig"."""

from collections.abc import Iterator, Mapping

_ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DUTCH = (
    "nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf",
    "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien",
)  # fmt: skip
_DUTCH_TENS = (
    "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig",
)  # fmt: skip


def _numbers() -> Iterator[tuple[str, int]]:
    for words in (_ENGLISH, _DUTCH):
        yield from ((word, value) for value, word in enumerate(words))
    for place, tens in enumerate(_ENGLISH_TENS, start=2):
        yield tens, place * 10
        yield from ((f"{tens} {_ENGLISH[unit]}", place * 10 + unit) for unit in range(1, 10))
    for place, tens in enumerate(_DUTCH_TENS, start=2):
        yield tens, place * 10
        yield from ((f"{_DUTCH[unit]}en{tens}", place * 10 + unit) for unit in range(1, 10))
    yield from (("hundred", 100), ("one hundred", 100), ("a hundred", 100), ("honderd", 100))


NUMBER_WORDS: Mapping[str, int] = dict(_numbers())
"""Folded: without accents ("tweeentwintig"), with a blank where English may have a hyphen."""


def number_pattern() -> str:
    """A regular expression of them all, the longest first; a hyphen or none may stand for the blank."""
    longest_first = sorted(NUMBER_WORDS, key=lambda word: -len(word))
    return "|".join(word.replace(" ", r"[\s-]?") for word in longest_first)


def number_of(words: str) -> int | None:
    """None for what is no number in words."""
    spaced = " ".join(words.replace("-", " ").split())
    if spaced in NUMBER_WORDS:
        return NUMBER_WORDS[spaced]
    joined = spaced.replace(" ", "")
    return next((value for word, value in NUMBER_WORDS.items() if word.replace(" ", "") == joined), None)
