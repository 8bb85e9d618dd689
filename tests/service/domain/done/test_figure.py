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
        ("Reviewed by at least six people", "reviewed by people", (6, None, LEAST)),
        ("Reviewed by at least 6 people", "reviewed by people", (6, None, LEAST)),
        ("Demo to 3 stakeholders", "demo to stakeholders", (3, None, LEAST)),
        ("Demo aan vijf belanghebbenden", "demo aan belanghebbenden", (5, None, LEAST)),
        ("Load test: 1,000 concurrent users", "load test concurrent users", (1000, None, LEAST)),
        (
            "Lasttest met 1.000 gelijktijdige gebruikers",
            "lasttest met gelijktijdige gebruikers",
            (1000, None, LEAST),
        ),
        ("Load tested with 1 000 users", "load tested with users", (1000, None, LEAST)),
        ("Load tested with 10k users", "load tested with users", (10_000, None, LEAST)),
        ("1,000,000 records imported", "records imported", (1_000_000, None, LEAST)),
        ("Minimaal vijfentwintig gebruikers", "gebruikers", (25, None, LEAST)),
        ("Ten minste tweeëntwintig testers", "testers", (22, None, LEAST)),
        ("At least twenty-five users", "users", (25, None, LEAST)),
        ("At least twenty five users", "users", (25, None, LEAST)),
        ("At most one hundred warnings", "warnings", (100, None, MOST)),
        ("Hooguit honderd waarschuwingen", "waarschuwingen", (100, None, MOST)),
        ("No more than twelve warnings", "warnings", (12, None, MOST)),
        ("Does not exceed 5 warnings", "does warnings", (5, None, MOST)),
        ("Coverage eighty per cent", "coverage", (80, "%", LEAST)),
        ("Dekking tachtig procent", "dekking", (80, "%", LEAST)),
        ("Coverage of 80 per cent or more", "coverage of", (80, "%", LEAST)),
        ("Response within 0.5 s", "response", (0.5, "s", MOST)),
        ("Reactie binnen 0,5 s", "reactie", (0.5, "s", MOST)),
        ("Duurt hooguit vijf minuten", "duurt", (5, "min", MOST)),
        ("Score minimaal 7,5", "score", (7.5, None, LEAST)),
        ("Tested on 3 browsers", "tested on browsers", (3, None, LEAST)),
        ("Two approvals", "approvals", (2, None, LEAST)),
        ("Reviewed By 2 Developers", "reviewed by developers", (2, None, LEAST)),
        ("2000 users", "users", (2000, None, LEAST)),
        ("A dozen users", "a dozen users", None),
        ("Four-eyes principle", "four eyes principle", None),
        ("Released before 2026-03-01", "released before 2026 03 01", None),
        ("Klaar op 12 maart 2026", "klaar op 12 maart 2026", None),
        ("At most until 1 June", "at most until 1 june", None),
        ("Live tot 2027", "live tot 2027", None),
        ("Node at least 18.2.1", "node at least 18 2 1", None),
        ("Node >= 18", "node 18", None),
        ("Python at least 3.11", "python at least 3 11", None),
        ("TLS 1.2 or higher", "tls 1 2 or higher", None),
        ("Works on Android 14 devices", "works on android 14 devices", None),
        ("Works on Galaxy 21 phones", "works on galaxy 21 phones", None),
        ("OWASP Top 10 risks checked", "owasp top 10 risks checked", None),
        ("ONL-12 tests pass", "onl 12 tests pass", None),
        ("See #12 tests", "see 12 tests", None),
        ("At 10:00 hours", "at 10 00 hours", None),
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
