from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest

from config.vocabulary import load_catalogue, load_vocabulary
from connectors.jira.parse.links import LinkWords

WORDS = load_vocabulary()

PRIORITIES = {
    1: ["Highest", "Blocker", "Urgent", "P0", "Hoogste", "Blokkerend", "Dringend"],
    2: ["High", "Critical", "P1", "Hoog", "Kritiek"],
    3: ["Medium", "Normal", "Major", "P2", "Gemiddeld", "Normaal"],
    4: ["Low", "Minor", "P3", "Laag"],
    5: ["Lowest", "Trivial", "P4", "Laagste", "Triviaal"],
}
DROPPED = """
Won't Do, Won't Fix, Declined, Duplicate, Cannot Reproduce, Incomplete, Invalid, Obsolete, Rejected,
Abandoned, Wordt niet gedaan, Wordt niet opgelost, Afgewezen, Duplicaat, Niet te reproduceren,
Onvolledig, Ongeldig, Verouderd, Geweigerd, Gestopt
"""


def _words(value: Any) -> Iterator[str]:
    yield from value


def test_every_word_is_casefolded_and_there_is_no_empty_list() -> None:
    for field in fields(WORDS):
        found = list(_words(getattr(WORDS, field.name)))
        assert found, field.name
        assert all(word and word == word.strip().casefold() for word in found), field.name


def test_it_is_read_once() -> None:
    assert load_vocabulary() is WORDS


def test_priorities_are_the_rulebooks() -> None:
    told = {word.casefold(): level for level, words in PRIORITIES.items() for word in words}
    assert dict(WORDS.priority) == told


def test_resolutions_and_statuses_are_the_rulebooks() -> None:
    assert {word.strip().casefold() for word in DROPPED.split(",")} <= WORDS.dropped
    assert WORDS.duplicate == {"duplicate", "duplicaat"}
    assert WORDS.duplicate <= WORDS.dropped
    assert WORDS.doing == {"in progress", "in review", "doing", "bezig"}


def test_no_link_word_means_two_things() -> None:
    groups = [WORDS.blocks, WORDS.blocked_by, WORDS.conflicts, WORDS.mirrors, WORDS.clones]
    assert sum(map(len, groups)) == len(frozenset().union(*groups))


@pytest.mark.parametrize(
    ("outward", "inward", "relation"),
    [
        ("blocks", "is blocked by", "blocks"),
        ("has to be done before", "has to be done after", "blocks"),
        ("depends on", "is depended on by", "blocked-by"),
        ("depends on", "is dependent of", "blocked-by"),  # recorded: the Titanium project
        ("depends on", "is a dependency of", "blocked-by"),
        ("requires", "is required by", "blocked-by"),
        ("is a prerequisite of", "has prerequisite", "blocks"),
        ("blokkeert", "wordt geblokkeerd door", "blocks"),
        ("is afhankelijk van", "is nodig voor", "blocked-by"),
        ("conflicts with", "conflicts with", "conflicts"),
        ("sluit uit", "wordt uitgesloten door", "conflicts"),
        ("onverenigbaar met", "onverenigbaar met", "conflicts"),
        ("clones", "is cloned by", "clones"),
        ("is cloned by", "clones", "clones"),
        ("kloont", "wordt gekloond door", "clones"),
        ("is gekloond door", "kloont", "clones"),
        ("is cloned from", "is cloned into", "clones"),  # recorded
        ("duplicates", "is duplicated by", "duplicates"),
        ("mirrors", "is mirrored by", "mirrors"),
        ("relates to", "relates to", "relates"),
        ("causes", "is caused by", "relates"),
        ("is triggering", "is triggered by", "relates"),  # recorded
        ("has to be finished together with", "has to be finished together with", "relates"),
        ("includes", "is included by", "relates"),
    ],
)
def test_both_ends_of_a_link_agree(outward: str, inward: str, relation: str) -> None:
    words = LinkWords(WORDS, ())
    kind = {"name": "A link", "outward": outward, "inward": inward}
    opposite = {"blocks": "blocked-by", "blocked-by": "blocks"}.get(relation, relation)
    assert words.of(kind, True)[0] == relation
    assert words.of(kind, False)[0] == opposite


def test_the_catalogue_is_a_list_of_criteria() -> None:
    found = load_catalogue()
    assert len(found) > 10
    assert all(isinstance(one, dict) for one in found)
