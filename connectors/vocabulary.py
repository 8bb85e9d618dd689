"""Words of trackers and what they mean, in English and Dutch. config/vocabulary holds the words."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every word is casefolded. A source's own mapping goes before all of this (rulebook)."""

    priority: Mapping[str, int]  # "highest" → 1
    dropped: frozenset[str]  # resolutions that mean closed without being done
    duplicate: frozenset[str]  # of them those that mean: another item has it
    doing: frozenset[str]  # GitHub Project statuses that mean doing
    blocks: frozenset[str]  # link words that run from blocker to dependent
    blocked_by: frozenset[str]  # link words that run the other way
    conflicts: frozenset[str]  # "conflicts with"
    mirrors: frozenset[str]  # "duplicates", "mirrors" and their inward forms
    clones: frozenset[str]  # "clones" and its inward forms
    phrases_blocked_by: tuple[str, ...]  # in texts: "blocked by", "wacht op"
    phrases_blocks: tuple[str, ...]  # in texts: "blocks", "blokkeert"
    phrases_conflicts: tuple[str, ...]  # in texts: "conflicts with", "sluit uit"
    negations: tuple[str, ...]  # before a phrase: "not", "no longer", "was", "niet"
    joiners: tuple[str, ...]  # between references: "and", "en"
    dod_names: tuple[str, ...]  # names of DoD fields and headings: "definition of done", "dod"
