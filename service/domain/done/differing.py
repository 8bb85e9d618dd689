"""How each team differs in one criterion."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from service.domain.done.comparison import Criterion, Kind, Wording
from service.domain.done.figure import Bound
from service.domain.done.line import line_of


class _Measure(NamedTuple):
    """What a team's wording is held against."""

    threshold: Wording
    bound: Bound | None
    words: frozenset[str]  # keys of the wordings that are no other words


def differences(
    criterion: Criterion, teams: Iterable[str], also: Sequence[str] = ()
) -> Iterator[tuple[str, Kind]]:
    """At most one per team, the first of these that holds.

    ``missing``: the baseline has it, or another team does, and this team does not.
    ``weaker``, ``stricter``: by the figure, against the baseline; outside the baseline against
    the other teams: weaker than the strictest of them, or, being the strictest, stricter than
    any of them. No figure is weaker than any.
    ``wording``: other words, or figures that cannot be compared; against the baseline's text
    and what it says is ``also`` meant, else against the words most teams use.
    """
    measure = _measure(criterion, also)
    for team in teams:
        wording = criterion.by_team.get(team)
        kind: Kind | None = "missing" if wording is None else _kind(wording, criterion, measure)
        if kind:
            yield team, kind


def _measure(criterion: Criterion, also: Sequence[str]) -> _Measure:
    if criterion.required:
        words = {_key(text) for text in (criterion.required.text, *also)}
        return _Measure(criterion.required, criterion.required.bound, frozenset(words))
    wordings = list(criterion.by_team.values())
    bound = _bound(wordings)
    return _Measure(_strictest(wordings, bound), bound, frozenset([_usual(wordings)]))


def _kind(wording: Wording, criterion: Criterion, measure: _Measure) -> Kind | None:
    found = wording.against(measure.threshold, measure.bound)
    if found == "weaker":
        return "weaker"
    if found == "stricter" or (criterion.required is None and _is_ahead(wording, criterion, measure)):
        return "stricter"
    if found is None or _key(wording.text) not in measure.words:
        return "wording"
    return None


def _is_ahead(wording: Wording, criterion: Criterion, measure: _Measure) -> bool:
    others = criterion.by_team.values()
    return any(wording.against(other, measure.bound) == "stricter" for other in others)


def _bound(wordings: Iterable[Wording]) -> Bound | None:
    """The direction most teams mean; a tie is at least."""
    counts = Counter(one.bound for one in wordings if one.bound)
    if not counts:
        return None
    return "at most" if counts["at most"] > counts["at least"] else "at least"


def _strictest(wordings: Iterable[Wording], bound: Bound | None) -> Wording:
    """The same whatever the order of the teams, though not all units can be compared."""
    best, *others = sorted(wordings, key=lambda one: (one.figure is None, one.unit or "", one.text))
    for one in others:
        if one.against(best, bound) == "stricter":
            best = one
    return best


def _usual(wordings: Iterable[Wording]) -> str:
    counts = Counter(_key(one.text) for one in wordings)
    return min(counts, key=lambda key: (-counts[key], key))


def _key(text: str) -> str:
    line = line_of(text)
    return line.key if line else ""
