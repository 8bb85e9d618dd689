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
    ("# Reviewed", "Reviewed", False),
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
