"""The teams' Definitions of Done beside the baseline and beside each other."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from service.domain.done.comparison import Comparison, Criterion, Difference, Wording
from service.domain.done.differing import differences
from service.domain.done.figure import Bound
from service.domain.done.line import Line, line_of
from service.domain.done.matching import Baseline, Place, match
from service.domain.done.standard import Catalogue
from service.domain.plan.product import BaselineCriterion

Said = dict[str, list[Line]]  # by team, what it says of one criterion


def compare(
    lines: Mapping[str, Sequence[str]], baseline: Sequence[BaselineCriterion], catalogue: Catalogue
) -> Comparison:
    """Every criterion of the baseline and of any team once, and how the teams differ in it.

    ``lines``: by team, its DoD; a team without one has no lines. Blank lines are no lines;
    every other line is in exactly one criterion.
    """
    parsed = {team: [line for text in said if (line := line_of(text))] for team, said in lines.items()}
    everything = (line for said in parsed.values() for line in said)
    places = match(everything, Baseline(baseline, catalogue), catalogue)
    said = _said(parsed, places, baseline)
    criteria = [
        _criterion(place, said[place], baseline, catalogue)
        for place in sorted(said, key=lambda one: (one.group, one.rank, one.id))
    ]
    wording_of = {one.id: one.also for one in baseline}
    return Comparison(
        criteria,
        [
            Difference(one.id, team, kind)
            for one in criteria
            for team, kind in differences(one, lines, wording_of.get(one.id, ()))
        ],
    )


def _said(
    parsed: Mapping[str, Sequence[Line]], places: Mapping[str, Place], baseline: Sequence[BaselineCriterion]
) -> dict[Place, Said]:
    found: dict[Place, Said] = {Place(0, rank, one.id): {} for rank, one in enumerate(baseline)}
    for team, said in parsed.items():
        for line in said:
            found.setdefault(places[line.key], {}).setdefault(team, []).append(line)
    return found


def _criterion(
    place: Place, said: Said, baseline: Sequence[BaselineCriterion], catalogue: Catalogue
) -> Criterion:
    required = _required(baseline[place.rank]) if place.group == 0 else None
    bound = required.bound if required else None
    by_team = {team: _wording(own, bound) for team, own in said.items()}
    return Criterion(
        id=place.id,
        text=_text(place, required, by_team.values(), catalogue),
        baseline=required is not None,
        by_team=by_team,
        required=required,
    )


def _required(one: BaselineCriterion) -> Wording:
    line = line_of(one.text)
    return Wording(one.text) if line is None else _plain(line)


def _text(place: Place, required: Wording | None, wordings: Iterable[Wording], catalogue: Catalogue) -> str:
    if required:
        return required.text
    if place.group == 1:
        return catalogue.texts[place.id]
    counts = Counter(wording.text for wording in wordings)
    return min(counts, key=lambda text: (-counts[text], text))


def _wording(said: Sequence[Line], bound: Bound | None) -> Wording:
    """The strictest of a team's lines for one criterion, then the first; the others beside it."""
    wordings = [_plain(line) for line in said]
    shown = 0
    for place, wording in enumerate(wordings):
        if wording.against(wordings[shown], bound) == "stricter":
            shown = place
    best = wordings[shown]
    also = tuple(one.text for place, one in enumerate(wordings) if place != shown)
    return Wording(best.text, best.figure, best.unit, best.bound, also)


def _plain(line: Line) -> Wording:
    if line.figure is None:
        return Wording(line.text)
    return Wording(line.text, *line.figure)
