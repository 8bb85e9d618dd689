"""The standard criteria of config/vocabulary/definition_of_done.yaml."""

from collections import Counter
from typing import Any

import pytest

from service.domain.done import Catalogue, catalogue
from service.domain.done.line import line_of


def _found(text: str, known: Catalogue) -> str | None:
    line = line_of(text)
    assert line
    return known.find(line.words)


def test_every_criterion_is_found_by_its_own_text_and_by_its_id(
    vocabulary: dict[str, Any], known: Catalogue
) -> None:
    texts = {one["id"]: _found(one["text"], known) for one in vocabulary["criteria"]}
    assert texts == {one: one for one in texts}


def test_ids_and_phrases_stand_once_and_in_lower_case(vocabulary: dict[str, Any]) -> None:
    assert set(Counter(one["id"] for one in vocabulary["criteria"]).values()) == {1}
    for one in vocabulary["criteria"]:
        for phrases in (one["en"], one["nl"]):
            assert phrases
            assert len(set(phrases)) == len(phrases), one["id"]
            assert all(phrase == phrase.casefold() for phrase in phrases), one["id"]


def test_names_of_fields_and_headings_are_in_both_languages(vocabulary: dict[str, Any]) -> None:
    names = vocabulary["names"]
    assert {"definition of done", "dod", "done criteria", "definitie van klaar"} <= set(names)
    assert all(name == name.casefold().strip() for name in names)


@pytest.mark.parametrize(
    ("phrase", "text", "fits"),
    [
        ("code review", "Reviewed the code", True),
        ("code review", "Reviewed", False),
        ("fixed|solved defect", "defect solved", True),
        ("*dekking", "Testdekking", True),
        ("dekking", "Testdekking", False),
        ("po", "policy", False),
        ("deploy !staging", "deployed to staging", False),
        ("= tested", "is tested", True),
        ("= tested", "tested by hand", False),
        ("accessib", "accesibility", True),
        ("test", "tets", False),
        ("no defect", "defects", False),
        ("no defect", "no defects", True),
        ("defect", "no defects", False),
    ],
)
def test_a_phrase_is_words_that_must_all_occur(phrase: str, text: str, fits: bool) -> None:
    made = catalogue([{"id": "one", "text": "One", "en": [phrase]}])
    assert _found(text, made) == ("one" if fits else None)


def test_a_line_goes_to_the_phrase_of_most_words_then_to_the_one_said_first() -> None:
    made = catalogue(
        [
            {"id": "docs", "text": "Docs", "en": ["document"]},
            {"id": "user-docs", "text": "User docs", "nl": ["user document"]},
            {"id": "demo", "text": "Demo", "en": ["demo"]},
        ]
    )
    assert _found("Documents for the user and a demo", made) == "user-docs"
    assert _found("Demo and documents", made) == "demo"
    assert _found("Documents and a demo", made) == "docs"
