"""Definitions of Done: read from what teams carry, matched by meaning, compared. Pure."""

from service.domain.done.comparing import compare
from service.domain.done.comparison import Comparison, Criterion, Difference, Kind, Wording
from service.domain.done.figure import Against, Bound, Figure
from service.domain.done.reading import Origin, team_lines
from service.domain.done.standard import Catalogue, catalogue

__all__ = [
    "Against",
    "Bound",
    "Catalogue",
    "Comparison",
    "Criterion",
    "Difference",
    "Figure",
    "Kind",
    "Origin",
    "Wording",
    "catalogue",
    "compare",
    "team_lines",
]
