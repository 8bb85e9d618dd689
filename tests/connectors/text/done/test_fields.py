import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.item import DodLine
from connectors.text import field_lines

REVIEWED, TESTED = DodLine("Reviewed", True), DodLine("Tested", False)
DEMO = DodLine("Demo given", False, optional=True)


@pytest.mark.parametrize(
    "text",
    [
        "* [x] Reviewed\nTested",
        "[x] Reviewed\n\nTested",
        "# Default checklist\n--- Quality\n* [done] Reviewed\n>> by two people\n* [in progress] Tested",
        "h3. Definition of Done\n(/) Reviewed\n(x) Tested",
        "*Quality*\n- [x] Reviewed\n----\nRelease:\n- Tested",
        "All of these must hold:\n* [N/A] Reviewed\n\n* Tested",
        "* [x] **Reviewed**\n_Tested_",
        "items: [{text: Reviewed, checked: true}, {text: Tested, checked: false}]",
        "items:\n- text: Quality\n  isHeader: true\n- text: Reviewed\n  checked: true\n- text: Tested\n",
        "- text: '--- Quality'\n- name: Reviewed\n  status: not applicable\n- name: Tested\n  status: todo\n",
        "checklists:\n- name: Default\n  items:\n  - text: Reviewed\n    done: yes\n  - text: Tested\n",
        "- text: '[x] Reviewed'\n- text: '[ ] Tested'",
    ],
)
def test_every_line_is_one_but_headings_and_separators(text: str) -> None:
    assert field_lines(text) == (REVIEWED, TESTED)


@pytest.mark.parametrize("text", ["*[]? Demo given", "? Demo given", "- text: Demo given\n  optional: true"])
def test_a_line_marked_optional_is_kept_as_such(text: str) -> None:
    assert field_lines(text) == (DEMO,)


@pytest.mark.parametrize(
    "text", ["", "  \n", "# Default checklist", "h2. DoD", "---", "*DoD*", "DoD:", "items: []"]
)
def test_a_heading_alone_gives_none(text: str) -> None:
    assert field_lines(text) == ()


def test_plain_lines_are_lines_each() -> None:
    text = "code reviewed\ntests pass\nCoverage: at least 80%"
    assert [line.text for line in field_lines(text)] == text.splitlines()


def test_an_entry_may_go_on_below_it_indented() -> None:
    assert [line.text for line in field_lines("- Reviewed\n  by two people\nTested")] == [
        "Reviewed by two people",
        "Tested",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "title: [a",
        "name: &a [x]\nother: *a",
        "- text: a\n- b",
        "text: " + "[" * 5000,
        "items: 5",
        "name: Reviewed",
    ],
)
def test_what_is_no_checklist_in_yaml_is_a_text(text: str) -> None:
    assert field_lines(text)


@given(st.text(alphabet="-*#[]? x:{}text\n\"'&items,", max_size=120))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    assert all(line.text.strip() == line.text != "" for line in field_lines(text))
