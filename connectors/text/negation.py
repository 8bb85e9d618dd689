"""Whether a phrase is taken back by what stands before it: "is not blocked by", "was blocked by"."""

import re
from collections.abc import Collection

_REACH = 4
"""Words that may stand between: "not at the moment blocked by"."""

_NEAR = 160  # characters; more than the words that matter ever take

_PAST = frozenset(
    {"was", "were", "had been", "previously", "formerly", "eerder", "vroeger", "voorheen", "waren"}
    | {"werd", "werden"}
)
"""They take back only what leans on them: "was blocked by", but not "what was planned needs"."""

_LEANING = re.compile(r"\w+(?:ed|ing|ent)\b|ge\w+\b|afhankelijk\b|onverenigbaar\b", re.IGNORECASE)
_PRESENT = frozenset({"is", "are", "now", "nu", "wordt", "worden", "zijn"})
_AFFIRMING = frozenset({"only", "just", "alleen", "slechts"})

_BOUNDARY = re.compile(
    r"[.!?;:,()\[\]{}|\"…–—\ufffc]|\s-\s|\n\s*\n|\n[ \t]*(?=[-*+#]+[ \t]|\d+[.)][ \t]|[*_]*(?-i:[A-Z]))"
    r"|\b(?:and|but|so|as|if|when|while|because|since|unless|which|who|although|however|though"
    r"|en|maar|dus|als|want|omdat|doordat|terwijl|zodat|zolang|totdat|wanneer|die|waarbij|toen|hoewel)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w']+")


def is_taken_back(text: str, start: int, phrase: str, negations: Collection[tuple[str, ...]]) -> bool:
    """``start`` is where the phrase begins; only its own clause is looked at."""
    words = [one.strip("_").casefold() for one in _WORD.findall(_clause(text, start))]
    first = max(0, len(words) - _REACH - 3)
    return any(
        tuple(words[begin:end]) in negations and _holds(" ".join(words[begin:end]), words[end:], phrase)
        for begin in range(first, len(words))
        for end in range(max(begin + 1, len(words) - _REACH), min(begin + 4, len(words) + 1))
    )


def _clause(text: str, start: int) -> str:
    begin = 0
    near = text[max(0, start - _NEAR) : start]
    for boundary in _BOUNDARY.finditer(near):
        begin = boundary.end()
    if re.match(r"[*_]*[A-Z]", text[start : start + 4]) and near[begin:].rstrip(" \t*_").endswith("\n"):
        return ""
    return near[begin:]


def _holds(negation: str, between: list[str], phrase: str) -> bool:
    if between and between[0] in _AFFIRMING:
        return False
    if negation not in _PAST:
        return True
    return bool(_LEANING.match(phrase)) and _PRESENT.isdisjoint(between)
