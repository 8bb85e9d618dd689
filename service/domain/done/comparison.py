"""The Definitions of Done side by side: what ``compare`` yields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from service.domain.done.figure import Against, Bound, Figure

Kind = Literal["missing", "weaker", "stricter", "wording"]


@dataclass(frozen=True, slots=True)
class Wording:
    """One team's own words for a criterion. ``figure``, ``unit`` and ``bound`` as in ``Figure``.

    ``also`` holds the team's other lines that mean the same criterion: of several the strictest
    is shown, then the first.
    """

    text: str
    figure: float | None = None
    unit: str | None = None
    bound: Bound | None = None
    also: tuple[str, ...] = ()

    def against(self, other: "Wording", bound: Bound | None = None) -> Against | None:
        """What this threshold is beside ``other``'s; None where the two cannot be compared.

        Without a figure where the other has one it is weaker, the other way round stricter.
        ``bound`` is the direction that counts; else ``other``'s.
        """
        mine, theirs = self.threshold, other.threshold
        if mine is None or theirs is None:
            return "equal" if mine is theirs else "weaker" if mine is None else "stricter"
        return mine.against(theirs, bound)

    @property
    def threshold(self) -> Figure | None:
        if self.figure is None or self.bound is None:
            return None
        return Figure(self.figure, self.unit, self.bound)


@dataclass(frozen=True, slots=True)
class Criterion:
    """``id``: the baseline's, else the catalogue's, else the normalised text.

    ``text``: the baseline's, else the catalogue's, else the words most teams use. ``by_team``
    holds the teams that have it, in the order of the lines given; who lacks it is not in there.
    ``required`` is the baseline's own wording, None outside the baseline.
    """

    id: str
    text: str
    baseline: bool
    by_team: Mapping[str, Wording]
    required: Wording | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """``criterion`` is a Criterion's id."""

    criterion: str
    team: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Comparison:
    """``criteria``: the baseline in its order, then the catalogue's in its order, then the others by text.

    ``differences`` in the order of the criteria, then of the teams; at most one per team and criterion.
    """

    criteria: Sequence[Criterion]
    differences: Sequence[Difference]
