import pytest

from connectors.item import DodLine
from connectors.text import dod_section
from connectors.vocabulary import Vocabulary

LIST = "- [x] Reviewed\n- [ ] Tested"
READ = (DodLine("Reviewed", True), DodLine("Tested", False))

HEADINGS = [
    "# Definition of Done",
    "## Definition of Done\n",
    "### DoD ###",
    "## ✅ Definition of Done:",
    "## **DoD**",
    "## Definition of Done (DoD)",
    "## Our Definition of Done",
    "## 3. Definition of done",
    "## Definitie van klaar",
    "Definition of Done\n------------------",
    "Definition of Done\n==================\n",
    "**Definition of Done**",
    "**DoD:**\n",
    "__DoD__",
    "*Definition of Done*",
    "h2. Definition of Done",
    "h3. *DoD*\n",
    "Definition of Done:",
    "Done criteria:\n",
    "Definition of Done",
    "<summary>Definition of Done</summary>\n",
    "Definition of Done:\nAll of these.\n",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_the_list_under_the_heading_is_read(vocabulary: Vocabulary, heading: str) -> None:
    text = f"# Story\n\n- not this\n\n{heading}\n{LIST}\n\n# Notes\n\n- nor this"
    assert dod_section(text, vocabulary) == READ


@pytest.mark.parametrize(
    "after",
    [
        "## Next\n- other",
        "# Next\n- other",
        "Next\n----\n- other",
        "h2. Next\n* other",
        "Next\n====\n- other",
    ],
)
def test_a_heading_of_its_level_or_above_ends_it(vocabulary: Vocabulary, after: str) -> None:
    assert dod_section(f"## Definition of Done\n{LIST}\n\n{after}", vocabulary) == READ


def test_lower_headings_are_part_of_it(vocabulary: Vocabulary) -> None:
    text = "## Definition of Done\n\n### Code\n- Reviewed\n\n**Shop**\n- Tested\n\n## Next\n- other"
    assert [one.text for one in dod_section(text, vocabulary)] == ["Reviewed", "Tested"]


@pytest.mark.parametrize("heading", ["**DoD**", "Definition of Done:", "*DoD*"])
@pytest.mark.parametrize(
    "after", ["\n**Next**\n- other", "\nNext:\n- other", "Next:\n- other", "\nThe end.\n\n- other"]
)
def test_a_line_that_serves_as_heading_has_the_list_below_it_only(
    vocabulary: Vocabulary, heading: str, after: str
) -> None:
    assert dod_section(f"{heading}\n\n{LIST}\n{after}", vocabulary) == READ


def test_an_entry_of_a_list_may_be_the_heading(vocabulary: Vocabulary) -> None:
    text = "- Story\n- Definition of Done:\n  - [x] Reviewed\n  - [ ] Tested\n- other"
    assert dod_section(text, vocabulary) == READ


def test_wiki_numbers_are_lines_of_it(vocabulary: Vocabulary) -> None:
    text = "h2. Definition of Done\n# Reviewed\n# Tested\n\nh2. Next\n# other"
    assert [one.text for one in dod_section(text, vocabulary)] == ["Reviewed", "Tested"]


def test_an_issue_form_in_yaml_is_read(vocabulary: Vocabulary) -> None:
    text = """\
name: Story
body:
  - type: input
    attributes:
      label: Title
  - type: checkboxes
    id: done
    attributes:
      label: "Definition of Done"
      description: All of it.
      options:
        - label: "Reviewed"
          required: true
        - label: Tested
  - type: dropdown
    attributes:
      label: Browser
      options:
        - Firefox
"""
    assert dod_section(text, vocabulary) == (DodLine("Reviewed", False), DodLine("Tested", False))


def test_a_form_may_hold_markdown(vocabulary: Vocabulary) -> None:
    text = f"body:\n  - type: markdown\n    attributes:\n      value: |\n        ## DoD\n        {LIST}"
    indented = text.replace("\n- [ ]", "\n        - [ ]")
    assert dod_section(indented, vocabulary) == READ


@pytest.mark.parametrize(
    "text",
    [
        "",
        LIST,
        "## Definition of Ready\n- x",
        "# Dodgy\n- x",
        "We keep to our definition of done.\n- x",
        "## DoD\nWhatever Kim says.\n\n## Notes\n- x",
        "```\n## DoD\n- x\n```",
        "> ## DoD\n> - x",
        "<!--\n## DoD\n- x\n-->",
        "The label: DoD is set\n- x",
    ],
)
def test_without_such_a_heading_there_is_nothing(vocabulary: Vocabulary, text: str) -> None:
    assert dod_section(text, vocabulary) == ()


def test_the_first_section_that_has_lines_counts(vocabulary: Vocabulary) -> None:
    assert dod_section(f"## DoD\nSee below.\n\n## Done criteria\n{LIST}", vocabulary) == READ
