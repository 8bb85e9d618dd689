"""Words of trackers and what they mean, in English and Dutch: the YAML files beside this."""

from functools import cache
from importlib.resources import files
from typing import Any

from ruamel.yaml import YAML

from connectors.vocabulary import Vocabulary


@cache
def load_vocabulary() -> Vocabulary:
    """Every word casefolded, as connectors compare them."""
    state, links, phrases = _file("state"), _file("links"), _file("phrases")
    return Vocabulary(
        priority={word: level for level, words in _file("priority").items() for word in _words(words)},
        dropped=frozenset(_words(state["dropped"])),
        duplicate=frozenset(_words(state["duplicate"])),
        doing=frozenset(_words(state["doing"])),
        blocks=frozenset(_words(links["blocks"])),
        blocked_by=frozenset(_words(links["blocked_by"])),
        conflicts=frozenset(_words(links["conflicts"])),
        mirrors=frozenset(_words(links["mirrors"])),
        clones=frozenset(_words(links["clones"])),
        phrases_blocked_by=_words(phrases["blocked_by"]),
        phrases_blocks=_words(phrases["blocks"]),
        phrases_conflicts=_words(phrases["conflicts"]),
        negations=_words(phrases["negations"]),
        joiners=_words(phrases["joiners"]),
        dod_names=_words(_file("definition_of_done")["names"]),
    )


def load_catalogue() -> list[dict[str, Any]]:
    """The standard criteria of Definitions of Done, as definition_of_done.yaml has them."""
    found: list[dict[str, Any]] = _file("definition_of_done")["criteria"]
    return found


def _words(words: list[str]) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in words)


@cache
def _file(name: str) -> Any:
    text = files("config.vocabulary").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return YAML(typ="safe", pure=True).load(text)
