"""Long and hostile descriptions: at double the length double the work, and at full length an end.

A regular expression is one call, whatever it does inside: quadratic there takes minutes, and is stopped.
"""

from collections.abc import Callable

import pytest

from connectors.text import checklist, dod_section, field_lines, find_dependencies, may_have_dependencies
from connectors.vocabulary import Vocabulary
from tests.connectors.text.conftest import LOCATIONS, Edges
from tests.support.work import assert_linear, count_calls

LENGTH = 100_000
COUNTED_LENGTH = 5_000
HOSTILE = [
    ">",
    "[",
    "]",
    "*",
    "_",
    "`",
    "` ``",
    "~",
    "~~",
    "<!--",
    "<",
    "<del>",
    '"',
    "“a",
    "{code}",
    "{{",
    " -a",
    "|",
    "\n",
    "\t",
    "blocked by ",
    "blocked by\n",
    "blocked\n",
    "blocked by #1 ",
    "#1 ",
    "ONL-1, ",
    "ONL-1 (",
    "A",
    "A-",
    "a/",
    "[a](",
    "[[",
    "https://a/",
    "- ",
    "- needs:\n",
    "- needs:\n* a\n",
    "needs:\n- a\n",
    "needs:\n- a\n  needs:\n",
    "Blocked by:\n- ONL-1\n",
    "# x\n\n",
    "DoD:\n",
    "# DoD\n",
    "label: DoD\n",
    "- label: DoD\n",
    "** x\n",
    "```\n",
    "heeft ",
    "\u200b",
    "\\",
    "not ",
    "ONL-1 depends on STO-2. ",
    "ONL-1 and ",
    "ONL-1 is blocked by ",
    "| ONL-1 | needs #2 |\n",
    "https://a/?issue=a|b|",
    "github.com/a/b/issues/1 ",
    "a.b.",
    "*[]? a\n",
    "? ",
    "--- x\n",
    "items: [",
    "- text: a\n",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.timeout(60)
def test_a_hostile_description_is_read_to_its_end(vocabulary: Vocabulary, piece: str) -> None:
    reading(piece, vocabulary, LENGTH)()


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_description_twice_as_long_takes_twice_the_work(vocabulary: Vocabulary, piece: str) -> None:
    assert_linear(lambda length: reading(piece, vocabulary, length), COUNTED_LENGTH)


def reading(piece: str, vocabulary: Vocabulary, length: int) -> Callable[[], None]:
    body = f"blocked by {piece * (length // len(piece))} #1\n\nDoD:\n- blocked by ONL-2"

    def read() -> None:
        for location in LOCATIONS.values():
            find_dependencies(body, vocabulary, location)
        checklist(body)
        field_lines(body)
        dod_section(body, vocabulary)

    return read


def test_the_edge_at_the_end_of_a_long_description_is_found(vocabulary: Vocabulary, edges: Edges) -> None:
    body = (
        "The till prints a receipt for every order, and needs paper. " * (LENGTH // 60)
        + "\n\nBlocked by ONL-2"
    )
    assert edges(body) == ["blocked-by jira:ONL-2"]


def test_the_cheap_look_takes_a_few_calls_however_long_the_text(vocabulary: Vocabulary) -> None:
    body = "As a customer I want to see all my orders in one list. " * 1_000
    may_have_dependencies(body, vocabulary)
    assert count_calls(lambda: may_have_dependencies(body, vocabulary)) < 100
