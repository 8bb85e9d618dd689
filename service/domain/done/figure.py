"""The figure of a line ("at least 80 %"), read apart from its words, in English and Dutch."""

import re
from typing import Literal, NamedTuple

from service.domain.done.figure_words import (
    AFTER_LEAST,
    AFTER_MOST,
    AT_LEAST,
    AT_MOST,
    NAMES,
    NO_FIGURES,
    PEOPLE,
    THINGS,
    UNITS,
)
from service.domain.done.number_words import number_of, number_pattern

Bound = Literal["at least", "at most"]
Against = Literal["weaker", "equal", "stricter"]

_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
NAMED = "\ue000"
"""Stands before a number that a name in capitals precedes: "Android 14"."""

_ZERO = ("0", "zero", "nul")
_UNIT = "|".join(f"(?P<u{place}>{words})" for place, words in enumerate(UNITS.values()))
_FIGURE = re.compile(
    rf"(?<![\w.,])(?P<other>{NO_FIGURES})(?![\w%])(?!\.[0-9])"
    rf"|(?:(?<!\w)(?P<name>{NAMES})\s+(?=\D{{0,20}}[0-9]))?"
    rf"(?:(?<!\w)(?:(?P<most>{AT_MOST})|(?P<least>{AT_LEAST}))\s*(?:(?:de|the|of|van)\s+)?)?"
    rf"(?<![\w.,])(?P<named>{NAMED})?(?P<number>[0-9]{{1,3}}(?:\s[0-9]{{3}})+(?![0-9])|[0-9]+(?:[.,][0-9]+)*"
    rf"|{number_pattern()})(?!\w*[.,]?[0-9])"
    rf"(?:\s*(?:{_UNIT})(?!\w)|(?P<thousands>k|\s+thousand|\s+duizend)?(?!\w))"
    rf"(?:\s*(?:(?P<after_most>{AFTER_MOST})|(?P<after_least>{AFTER_LEAST}))(?!\w))?"
    rf"(?P<people>(?=\s+(?:{PEOPLE})(?!\w)))?(?P<things>(?=\s+{THINGS}))?"
)


class Figure(NamedTuple):
    """``unit`` is ``%``, ``ms``, ``s``, ``min``, ``h``, ``d``, ``w``, or None for a count."""

    value: float
    unit: str | None
    bound: Bound

    def against(self, other: "Figure", bound: Bound | None = None) -> Against | None:
        """What this figure is beside ``other``; None where their units cannot be compared.

        Times compare across units. A figure without a unit compares with any. ``bound`` is the
        direction that counts; else ``other``'s.
        """
        mine, theirs = _comparable(self, other)
        if mine is None or theirs is None:
            return None
        if mine == theirs:
            return "equal"
        return "weaker" if (mine < theirs) is ((bound or other.bound) == "at least") else "stricter"


def _comparable(one: Figure, other: Figure) -> tuple[float | None, float | None]:
    if one.unit == other.unit or one.unit is None or other.unit is None:
        return one.value, other.value
    if one.unit in _SECONDS and other.unit in _SECONDS:
        return round(one.value * _SECONDS[one.unit], 6), round(other.value * _SECONDS[other.unit], 6)
    return None, None


def take_figure(text: str) -> tuple[str, Figure | None]:
    """The words left of a folded text, and its first figure.

    A number counts only with a bound, a unit or things to count; that of "WCAG 2.1" stays a
    word, and so do dates, versions and issue keys. "At least one" says no more than its words do,
    and zero is the word "no". Without a bound, a time is at most and anything else at least.
    """
    found: list[Figure] = []

    def taken(match: re.Match[str]) -> str:
        figure = None if match["other"] else _figure(match)
        if match["number"] in _ZERO and (figure is None or figure.unit is None) and not match["name"]:
            return " no "
        if figure is None:
            return match[0]
        if figure[:2] != (1.0, None) or figure.bound == "at most":
            found.append(figure)
        return f"{match['name'] or ''} "

    words = _FIGURE.sub(taken, text)
    return words, found[0] if found else None


def _figure(match: re.Match[str]) -> Figure | None:
    said = match.groupdict()
    unit = next((name for place, name in enumerate(UNITS) if said[f"u{place}"]), None)
    value = _value(said["number"]) * (1000 if said["thousands"] else 1)
    if not _is_figure(said, unit, value):
        return None
    return Figure(value, unit, _bound(said, unit))


def _is_figure(said: dict[str, str | None], unit: str | None, value: float) -> bool:
    number = said["number"] or ""
    if unit == "%" or (unit is not None and number[0].isdigit()):
        return True
    if said["name"]:
        return False
    counts_things = said["things"] is not None and not said["named"] and value > 1
    if any(said[name] for name in ("most", "least", "after_most", "after_least")):
        return counts_things or not _is_year(number)
    return counts_things or said["people"] is not None


def _is_year(number: str) -> bool:
    return number.isdecimal() and 1900 <= int(number) <= 2100


def _bound(said: dict[str, str | None], unit: str | None) -> Bound:
    if said["most"] or said["after_most"]:
        return "at most"
    if said["least"] or said["after_least"]:
        return "at least"
    return "at most" if unit in _SECONDS else "at least"


def _value(number: str) -> float:
    """``1,5`` is one and a half; ``1.000``, ``1,000`` and ``1 000`` are a thousand."""
    if (said := number_of(number)) is not None:
        return float(said)
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:[.,\s][0-9]{3})+", number):
        return float(re.sub(r"[.,\s]", "", number))
    whole, *parts = re.split("[.,]", re.sub(r"\s", "", number))
    return float(f"{whole}.{''.join(parts) or 0}")
