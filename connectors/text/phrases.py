"""The phrases that tie one item to another, compiled once per vocabulary."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from connectors.item import Relation
from connectors.reference import may_hold_references
from connectors.text.signs import has_any, signs
from connectors.vocabulary import Vocabulary

_ELLIPSIS = "…"
_GAP = r"(?:[ \t*_]{1,8}|[ \t*_]{0,8}\n[ \t]{0,40})"
_NEVER = re.compile(r"(?!)")


class Phrase(NamedTuple):
    relation: Relation
    words: str
    tail: re.Pattern[str] | None  # what must stand behind the references: "nodig" in "heeft … nodig"


class Phrases(NamedTuple):
    pattern: re.Pattern[str]
    known: Mapping[str, Phrase]
    joiners: re.Pattern[str]
    negations: frozenset[tuple[str, ...]]
    negations_after: re.Pattern[str]

    def find(self, text: str) -> Iterator[tuple[re.Match[str], Phrase]]:
        for found in self.pattern.finditer(text):
            if phrase := self.known.get(_plain(found[0])):
                yield found, phrase


def may_have_dependencies(body: str, vocabulary: Vocabulary) -> bool:
    """Whether ``body`` can hold a phrase with a reference; only signs of them, for a million bodies."""
    if not may_hold_references(body):
        return False
    words = _words_of(vocabulary.phrases_blocked_by, vocabulary.phrases_blocks, vocabulary.phrases_conflicts)
    return has_any(words, body.casefold())


def phrases_of(vocabulary: Vocabulary) -> Phrases:
    return _compiled(
        vocabulary.phrases_blocked_by,
        vocabulary.phrases_blocks,
        vocabulary.phrases_conflicts,
        vocabulary.negations,
        vocabulary.joiners,
    )


@lru_cache(maxsize=16)
def _words_of(*groups: tuple[str, ...]) -> tuple[str, ...]:
    return signs(tuple(phrase.replace(_ELLIPSIS, " ") for group in groups for phrase in group))


@lru_cache(maxsize=16)
def _compiled(
    blocked_by: tuple[str, ...],
    blocks: tuple[str, ...],
    conflicts: tuple[str, ...],
    negations: tuple[str, ...],
    joiners: tuple[str, ...],
) -> Phrases:
    groups: tuple[tuple[Relation, tuple[str, ...]], ...] = (
        ("blocked-by", blocked_by),
        ("blocks", blocks),
        ("conflicts", conflicts),
    )
    known = {head: phrase for relation, group in groups for head, phrase in _entries(relation, group)}
    before = frozenset(tuple(one.split()) for one in negations if not one.startswith(_ELLIPSIS))
    after = [one.removeprefix(_ELLIPSIS) for one in negations if one.startswith(_ELLIPSIS)]
    return Phrases(
        _pattern(r"(?<![^\W_])(?<!\w-)", known, r"(?!-?[^\W_])"),
        known,
        re.compile(rf"[,&]|{_any_of(joiners)}(?![\w-])", re.IGNORECASE) if joiners else re.compile("[,&]"),
        before,
        _pattern(r"[*_]{0,3}(?:[ \t]{1,4}\([^()\n]{1,100}\))?[ \t]{1,8}[*_]{0,3}", after, r"(?!\w)"),
    )


def _pattern(before: str, phrases: Collection[str], after: str) -> re.Pattern[str]:
    return re.compile(before + _any_of(phrases) + after, re.IGNORECASE) if phrases else _NEVER


def _entries(relation: Relation, group: Iterable[str]) -> Iterator[tuple[str, Phrase]]:
    for phrase in group:
        head, split, tail = (part.strip() for part in phrase.partition(_ELLIPSIS))
        behind = re.compile(rf"[*_]{{0,3}}{_GAP}{_any_of([tail])}(?!\w)", re.IGNORECASE) if split else None
        yield " ".join(head.split()), Phrase(relation, " ".join(phrase.split()), behind)


def _any_of(phrases: Iterable[str]) -> str:
    """The longest first, for a phrase may begin with another one."""
    ordered = sorted((one.split() for one in phrases), key=lambda words: -len(" ".join(words)))
    return "(?:" + "|".join(_GAP.join(re.escape(word) for word in words) for words in ordered) + ")"


def _plain(words: str) -> str:
    return " ".join(words.replace("*", " ").replace("_", " ").casefold().split())
