import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.item import DodLine
from connectors.text import checklist

LINES = [
    ("- Reviewed", "Reviewed", False),
    ("- [ ] Reviewed", "Reviewed", False),
    ("- [x] Reviewed", "Reviewed", True),
    ("* [X] Reviewed", "Reviewed", True),
    ("+ [] Reviewed", "Reviewed", False),
    ("• Reviewed", "Reviewed", False),
    ("1. Reviewed", "Reviewed", False),
    ("12) [x] Reviewed", "Reviewed", True),
    ("*[x] Reviewed", "Reviewed", True),
    ("-[ ]Reviewed", "Reviewed", False),
    ("* [done] Reviewed", "Reviewed", True),
    ("* [Skipped] Reviewed", "Reviewed", True),
    ("- [N/A] Reviewed", "Reviewed", True),
    ("- [niet van toepassing] Reviewed", "Reviewed", True),
    ("* [in progress] Reviewed", "Reviewed", False),
    ("* [open] Reviewed", "Reviewed", False),
    ("* [~] Reviewed", "Reviewed", False),
    ("* [>] Reviewed", "Reviewed", False),
    ("* [UX] Reviewed", "[UX] Reviewed", False),
    ("** (/) Reviewed", "Reviewed", True),
    ("* (x) Reviewed", "Reviewed", False),
    ("(/) Reviewed", "Reviewed", True),
    ("(x) Reviewed", "Reviewed", False),
    ("* Reviewed (/)", "Reviewed", True),
    ("[x] Reviewed", "Reviewed", True),
    ("[ ] Reviewed", "Reviewed", False),
    ("☑ Reviewed", "Reviewed", True),
    ("✅ Reviewed", "Reviewed", True),
    ("✔️ Reviewed", "Reviewed", True),
    ("☐ Reviewed", "Reviewed", False),
    ("❌ Reviewed", "Reviewed", False),
    ("- :white_check_mark: Reviewed", "Reviewed", True),
    ("- **Code** reviewed by _two_", "Code reviewed by two", False),
    ("- [Reviewed](https://wiki.example/review)", "Reviewed", False),
    ("* [Reviewed|https://wiki.example/review]", "Reviewed", False),
    ("- [x] `make test` passes", "`make test` passes", True),
    ("- Coverage ≥ 80 % <!-- of lines -->", "Coverage ≥ 80 %", False),
    ("- Reviewed\n  by two people", "Reviewed by two people", False),
]


@pytest.mark.parametrize(("text", "words", "is_ticked"), LINES)
def test_a_line_is_read_with_its_tick(text: str, words: str, is_ticked: bool) -> None:
    assert checklist(text) == (DodLine(words, is_ticked),)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Reviewed and tested.",
        "Reviewed\n\nTested",
        "# Quality\n\nWe care.",
        "---\n\n* * *",
        "# Reviewed",
        "### Definition of Done",
        "--- Quality",
        "--- Quality ---",
        "----",
        "- ~~Faxed~~",
        "* -Faxed-",
        "- ",
        "- [ ] ",
        "```\n- Reviewed\n```",
        "> - Reviewed",
        "<!--\n- Reviewed\n-->",
        "{code}\n* Reviewed\n{code}",
        "-5 degrees",
        "*bold* words",
    ],
)
def test_a_text_without_a_list_has_no_lines(text: str) -> None:
    assert checklist(text) == ()


@pytest.mark.parametrize(
    ("mark", "is_ticked"),
    [
        *((mark, False) for mark in ("*[]?", "* []?", "* [ ]?", "-?", "- ?", "?", "[]?")),
        *((mark, True) for mark in ("[x]?", "* [x]?", "1. [X] ?")),
    ],
)
def test_a_line_marked_optional_is_kept_as_such(mark: str, is_ticked: bool) -> None:
    assert checklist(f"{mark} Demo given") == (DodLine("Demo given", is_ticked, optional=True),)


def test_a_question_is_no_optional_line() -> None:
    assert checklist("- Demo given?") == (DodLine("Demo given?", False),)
    assert checklist("- What? Why?") == (DodLine("What? Why?", False),)


def test_separators_and_headings_are_no_lines() -> None:
    text = "# Default\n--- Quality\n- Reviewed\n--- Release\n- [x] Deployed\n----\n# More\n* Announced"
    assert [line.text for line in checklist(text)] == ["Reviewed", "Deployed", "Announced"]


def test_entries_deep_inside_a_wiki_list_are_no_separators() -> None:
    assert [line.text for line in checklist("- a\n-- b\n--- c\n-- d")] == ["a", "b", "c", "d"]


def test_all_lists_count_in_their_order_with_those_inside_them() -> None:
    text = "# Quality\n\nBefore:\n- Reviewed\n  - [x] by two\n\nAfter:\r\n1. Deployed\r\n2. Announced"
    assert [one.text for one in checklist(text)] == ["Reviewed", "by two", "Deployed", "Announced"]


def test_a_numbered_wiki_list_is_a_list_and_a_markdown_heading_is_none() -> None:
    assert [one.text for one in checklist("# Reviewed\n# Tested\n## on a phone")] == [
        "Reviewed",
        "Tested",
        "on a phone",
    ]
    assert [one.text for one in checklist("# Reviewed\n\n- Tested")] == ["Tested"]


@given(st.text(alphabet="-*#[] x()/\n\t`~<!>ab1.☑", max_size=200))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    assert all(one.text.strip() == one.text != "" for one in checklist(text))
