import pytest

from service.domain.done.figure import Figure
from service.domain.done.line import line_of

LEAST, MOST = "at least", "at most"


@pytest.mark.parametrize(
    ("text", "words", "figure"),
    [
        ("Test coverage at least 80%", "test coverage", (80, "%", LEAST)),
        ("at least 80 % coverage", "coverage", (80, "%", LEAST)),
        ("dekking ≥ 70%", "dekking", (70, "%", LEAST)),
        ("Coverage >= 82.5 percent", "coverage", (82.5, "%", LEAST)),
        ("Testdekking minstens 70 procent", "testdekking", (70, "%", LEAST)),
        ("Minimaal 80% dekking", "dekking", (80, "%", LEAST)),
        ("Ten minste 80% dekking", "dekking", (80, "%", LEAST)),
        ("Coverage above 75%", "coverage", (75, "%", LEAST)),
        ("Coverage: 80% or more", "coverage", (80, "%", LEAST)),
        ("80%+ coverage", "coverage", (80, "%", LEAST)),
        ("Coverage 80%", "coverage", (80, "%", LEAST)),
        ("Duplication at most 3%", "duplication", (3, "%", MOST)),
        ("Duplicatie max. 3%", "duplicatie", (3, "%", MOST)),
        ("Hoogstens 3,5% fouten", "fouten", (3.5, "%", MOST)),
        ("No more than 5 warnings", "warnings", (5, None, MOST)),
        ("Niet meer dan 5 waarschuwingen", "waarschuwingen", (5, None, MOST)),
        ("Response under 2 s", "response", (2, "s", MOST)),
        ("Response < 200 ms", "response", (200, "ms", MOST)),
        ("Response 200ms", "response", (200, "ms", MOST)),
        ("Reactie binnen 1,5 seconden", "reactie", (1.5, "s", MOST)),
        ("Reactie maximaal 1.000 ms", "reactie", (1000, "ms", MOST)),
        ("Restore within 4 hours", "restore", (4, "h", MOST)),
        ("Reviewed by 2 developers", "reviewed by developers", (2, None, LEAST)),
        ("Reviewed by at least two peers", "reviewed by peers", (2, None, LEAST)),
        ("Minimaal twee reviewers", "reviewers", (2, None, LEAST)),
        ("At least one approval", "approval", None),
        ("0 critical bugs", "no critical bugs", None),
        ("Zero critical bugs", "no critical bugs", None),
        ("WCAG 2.1 AA", "wcag 2 1 aa", None),
        ("Works on Java 17", "works on java 17", None),
        ("p95 measured", "p95 measured", None),
        ("OWASP top 10", "owasp top 10", None),
        ("Four eyes", "four eyes", None),
        ("95% of requests under 200 ms", "of requests", (95, "%", LEAST)),
        ("≥ 80%", "80", (80, "%", LEAST)),
    ],
)
def test_a_figure_is_read_apart_from_the_words(
    text: str, words: str, figure: tuple[float, str | None, str] | None
) -> None:
    line = line_of(text)
    assert line
    assert (line.key, line.figure) == (words, figure)


@pytest.mark.parametrize(
    ("mine", "theirs", "against"),
    [
        (Figure(70, "%", "at least"), Figure(80, "%", "at least"), "weaker"),
        (Figure(90, "%", "at least"), Figure(80, "%", "at least"), "stricter"),
        (Figure(3, "s", "at most"), Figure(2, "s", "at most"), "weaker"),
        (Figure(500, "ms", "at most"), Figure(2, "s", "at most"), "stricter"),
        (Figure(2000, "ms", "at most"), Figure(2, "s", "at most"), "equal"),
        (Figure(5, "%", "at least"), Figure(3, "%", "at most"), "weaker"),
        (Figure(85, None, "at least"), Figure(80, "%", "at least"), "stricter"),
        (Figure(80, "%", "at least"), Figure(2, "s", "at most"), None),
    ],
)
def test_figures_compare_in_the_direction_of_the_other(
    mine: Figure, theirs: Figure, against: str | None
) -> None:
    assert mine.against(theirs) == against
