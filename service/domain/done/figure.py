"""The figure of a line ("at least 80 %"), read apart from its words, in English and Dutch."""

import re
from typing import Literal, NamedTuple

Bound = Literal["at least", "at most"]
Against = Literal["weaker", "equal", "stricter"]

_AT_MOST = (
    r"≤|<=|=<|<|no more than|not more than|niet meer dan|at most|up to|less than|fewer than|lower than"
    r"|faster than|minder dan|lager dan|kleiner dan|sneller dan|hoogstens|ten hoogste|maximum of|maximum"
    r"|maximaal|max\.?|under|below|within|binnen|onder|tot"
)
_AT_LEAST = (
    r"≥|>=|=>|>|no less than|not less than|niet minder dan|at least|more than|greater than|higher than"
    r"|meer dan|groter dan|hoger dan|minimum of|minimum|minimaal|minimal|minstens|ten minste|tenminste"
    r"|min\.?|exceeds?|above|over|boven"
)
_AFTER_MOST = r"or less|or fewer|or lower|or faster|of minder|of lager|of sneller|maximum|maximaal|max"
_AFTER_LEAST = r"\+|or more|or higher|or above|of meer|of hoger|minimum|minimaal|minimal|min"
_UNITS = {
    "%": r"%|percent|procent|pct",
    "ms": r"ms|msec|milliseconds?|milliseconden?",
    "s": r"s|secs?|seconds?|seconden?",
    "min": r"min|mins|minutes?|minuut|minuten",
    "h": r"h|hrs?|hours?|u|uur|uren",
    "d": r"days?|dag|dagen",
    "w": r"weeks?|week|weken",
}
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_PEOPLE = (
    r"reviewers?|reviews?|approvals?|approvers?|developers?|colleagues?|people|persons?|peers?|engineers?"
    r"|team members?|ontwikkelaars?|collega|personen|mensen|goedkeuringen|teamleden"
)
_NUMBERS = {
    "zero": 0,
    "nul": 0,
    "one": 1,
    "een": 1,
    "two": 2,
    "twee": 2,
    "three": 3,
    "drie": 3,
    "four": 4,
    "vier": 4,
    "five": 5,
}
_ZERO = ("0", "zero", "nul")
_UNIT = "|".join(f"(?P<u{place}>{words})" for place, words in enumerate(_UNITS.values()))
_FIGURE = re.compile(
    rf"(?:(?<!\w)(?:(?P<most>{_AT_MOST})|(?P<least>{_AT_LEAST}))\s*(?:(?:de|the|of|van)\s+)?)?"
    rf"(?<![\w.,])(?P<number>[0-9]+(?:[.,][0-9]+)*|{'|'.join(_NUMBERS)})(?!\w*[.,]?[0-9])"
    rf"(?:\s*(?:{_UNIT})(?!\w)|(?!\w))"
    rf"(?:\s*(?:(?P<after_most>{_AFTER_MOST})|(?P<after_least>{_AFTER_LEAST}))(?!\w))?"
    rf"(?P<people>(?=\s+(?:{_PEOPLE})(?!\w)))?"
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

    A number counts only with a bound, a unit or people to count; that of "WCAG 2.1" stays a
    word. "At least one" says no more than its words do, and zero is the word "no". Without a
    bound, a time is at most and anything else at least.
    """
    found: list[Figure] = []

    def taken(match: re.Match[str]) -> str:
        figure = _figure(match)
        if match["number"] in _ZERO and (figure is None or figure.unit is None):
            return " no "
        if figure is None:
            return match[0]
        if figure[:2] != (1.0, None) or figure.bound == "at most":
            found.append(figure)
        return " "

    words = _FIGURE.sub(taken, text)
    return words, found[0] if found else None


def _figure(match: re.Match[str]) -> Figure | None:
    said = match.groupdict()
    unit = next((name for place, name in enumerate(_UNITS) if said[f"u{place}"]), None)
    bound = _bound(said, unit)
    has_bound = any(said[name] for name in ("most", "least", "after_most", "after_least"))
    is_figure = has_bound or said["people"] is not None or (unit is not None and said["number"][0].isdigit())
    return Figure(_value(said["number"]), unit, bound) if is_figure else None


def _bound(said: dict[str, str | None], unit: str | None) -> Bound:
    if said["most"] or said["after_most"]:
        return "at most"
    if said["least"] or said["after_least"]:
        return "at least"
    return "at most" if unit in _SECONDS else "at least"


def _value(number: str) -> float:
    """``1,5`` is one and a half; ``1.000`` and ``1,000`` are a thousand."""
    if number in _NUMBERS:
        return float(_NUMBERS[number])
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:[.,][0-9]{3})+", number):
        return float(re.sub("[.,]", "", number))
    whole, *parts = re.split("[.,]", number)
    return float(f"{whole}.{''.join(parts) or 0}")
