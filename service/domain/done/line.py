"""One line of a Definition of Done as it is compared: without case, accents, marks and figure."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from service.domain.done.figure import NAMED, Figure, take_figure

_WORD = re.compile(r"[^\W_]+")
_LEAD = re.compile(r"^[\s\-*+•–—#>]*(?:\[[ x]?\]\s*)?(?:[0-9]{1,2}[.)]\s+)?")
_NAME = re.compile(r"(?<=[^\W_][ \t])([A-Z][\w+#.]*)[ \t]+(?=[0-9])")
_APOSTROPHES = str.maketrans("", "", "'’‘`*")

NEGATIONS = frozenset(["no", "not", "never", "without", "geen", "niet", "nooit", "zonder"])
_ENGLISH = (
    "a an the is are was were been be being has have had it its this that these all any every each new of to"
    " in on for by with and or at as from done complete completed completely performed carried out"
    " successfully fully properly must should shall will we our another other someone"
)
_DUTCH = (
    "de het een is zijn wordt worden werd heeft hebben dit dat deze alle elke ieder iedere nieuwe van naar op"
    " voor door met en of bij als uit er aan gedaan uitgevoerd afgerond klaar gereed voltooid volledig"
    " moet moeten zal wij we onze ander andere iemand"
)
SMALL = frozenset(f"{_ENGLISH} {_DUTCH}".split())  # words that carry no meaning of their own


class Line(NamedTuple):
    text: str  # as the team wrote it, without spaces around
    words: tuple[str, ...]  # in order, figure left out
    figure: Figure | None
    content: frozenset[str]  # the words that carry meaning; all of them where none does
    is_negated: bool  # an odd number of times

    @property
    def key(self) -> str:
        """The normalised text: what two lines of the same words share, whatever their figures."""
        return " ".join(self.words)

    @property
    def identity(self) -> tuple[str, Figure | None]:
        return self.key, self.figure


@lru_cache(maxsize=1 << 14)
def line_of(text: str) -> Line | None:
    """None where the text is blank. A line of nothing but a figure or signs has those as words."""
    shown = text.strip()
    folded = _folded(_NAME.sub(_marked, shown))
    rest, figure = take_figure(_LEAD.sub("", folded, count=1))
    words = _WORD.findall(rest) or _WORD.findall(folded) or shown.casefold().split()
    if not words:
        return None
    content = frozenset(words) - SMALL or frozenset(words)
    return Line(shown, tuple(words), figure, content, sum(word in NEGATIONS for word in words) % 2 == 1)


def _marked(name: re.Match[str]) -> str:
    """Titles begin their small words in capitals too: "Reviewed By 2 Developers"."""
    is_name = name[1].casefold() not in SMALL
    return f"{name[0]}{NAMED}" if is_name else name[0]


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_APOSTROPHES)
