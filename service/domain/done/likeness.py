"""How alike two lines are that no catalogue knows: by words, and by letters within words."""

from rapidfuzz.distance import JaroWinkler

from service.domain.done.line import Line

ALIKE = 0.6  # two of three words shared, the third added
_SAME_WORD = 0.92
_START = 3  # letters


def likeness(one: Line, other: Line) -> float:
    """0 to 1; 1 when both say the same words up to inflection, typos and small words.

    A word added is a detail; a word replaced by another makes it another criterion ("approved
    by finance", "approved by legal"), and so does a negation.
    """
    if one.is_negated != other.is_negated:
        return 0.0
    mine, theirs = one.content, other.content
    shared = len(mine & theirs)
    left, right = sorted(mine - theirs), sorted(theirs - mine)
    paired = _paired(left, right)
    added, lacking = len(left) - paired, len(right) - paired
    if added and lacking:
        return 0.0
    return (shared + paired) / (shared + paired + added + lacking)


def start(word: str) -> str:
    """Words with different starts are never forms of each other."""
    return word[:_START] if word.isalpha() and len(word) > _START else word


def _paired(left: list[str], right: list[str]) -> int:
    """How many words of one side are a form of a word of the other; each is used once."""
    free = list(right)
    for word in left:
        if match := next((one for one in free if _is_same_word(word, one)), None):
            free.remove(match)
    return len(right) - len(free)


def _is_same_word(one: str, other: str) -> bool:
    if start(one) != start(other) or not (one + other).isalpha():
        return False
    return JaroWinkler.similarity(one, other) >= _SAME_WORD
