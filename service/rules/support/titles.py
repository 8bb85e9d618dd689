"""Whether two titles still stand for the same work. Pure."""

import re
import unicodedata

_LEAST_IN_COMMON = 0.6

_MARK = r"(?:clone|copy|kloon|kopie|copie|kopia|klon)"
_MARKS_BEFORE = re.compile(
    rf"\s*(?:"
    rf"[\[({{]\s*{_MARK}\b[^\])}}]*[\])}}]\s*[-–—:]*"  # [CLONE], (Copy 2) -
    rf"|{_MARK}\s*\d*\s*(?:of|van|von|de)\b\s*[-–—:]*"  # Copy of, Kopie van
    rf"|{_MARK}\s*\d*\s*[-–—:]+"  # CLONE -, Clone 2:
    rf"|{_MARK}\b(?=\s)"  # CLONE Pay in the shop
    rf")\s*"
)
_MARKS_AFTER = re.compile(rf"\s*(?:[\[({{]\s*{_MARK}\b[^\])}}]*[\])}}]|[-–—:]+\s*{_MARK}\s*\d*)\s*$")
_WORD = re.compile(r"\w+")


def are_alike(title: str, other_title: str) -> bool:
    """At least 0.6 of all their words in common: the common ones over those of either (Jaccard, 1901).

    Each word counts once; case, punctuation, diacritics and marks such as "CLONE -" do not.
    """
    first, second = _words(title), _words(other_title)
    if not first | second:
        return title.split() == other_title.split()
    return len(first & second) >= _LEAST_IN_COMMON * len(first | second)


def _words(title: str) -> set[str]:
    plain = _without_marks(_plain(title))
    return set(_WORD.findall(plain))


def _plain(title: str) -> str:
    decomposed = unicodedata.normalize("NFKD", title.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _without_marks(title: str) -> str:
    """Marks of copies of copies too. A title that is a mark and nothing else keeps it."""
    while (mark := _MARKS_BEFORE.match(title)) and title[mark.end() :].strip():
        title = title[mark.end() :]
    while (mark := _MARKS_AFTER.search(title)) and title[: mark.start()].strip():
        title = title[: mark.start()]
    return title
