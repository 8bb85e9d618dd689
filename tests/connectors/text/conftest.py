"""The words of config/vocabulary/phrases.yaml, and the places that texts stand at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from connectors.reference import TextLocation
from connectors.text import find_dependencies
from connectors.vocabulary import Vocabulary

PHRASES = Path(__file__).parents[3] / "config" / "vocabulary" / "phrases.yaml"
Edges = Callable[..., list[str]]
DOD_NAMES = ("definition of done", "dod", "done criteria", "definitie van klaar", "definitie van gereed")
LOCATIONS = {
    "jira": TextLocation("acme.atlassian.net", "jira", None),
    "github": TextLocation("github.com", "github", "acme/web"),
}


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    said = {key: tuple(words) for key, words in YAML(typ="safe").load(PHRASES).items()}
    none: frozenset[str] = frozenset()
    return Vocabulary(
        priority={},
        dropped=none,
        duplicate=none,
        doing=none,
        blocks=none,
        blocked_by=none,
        conflicts=none,
        mirrors=none,
        clones=none,
        phrases_blocked_by=said["blocked_by"],
        phrases_blocks=said["blocks"],
        phrases_conflicts=said["conflicts"],
        negations=said["negations"],
        joiners=said["joiners"],
        dod_names=DOD_NAMES,
    )


@pytest.fixture(scope="session")
def edges(vocabulary: Vocabulary) -> Edges:
    """``edges("Blocked by #1", at="github")`` → ``["blocked-by github://github.com/acme/web#1"]``.

    "ONL-1 needs ONL-2" → ``["jira:ONL-1 blocked-by jira:ONL-2"]``.
    """

    def find(text: str, at: str = "jira") -> list[str]:
        found = find_dependencies(text, vocabulary, LOCATIONS[at])
        return [" ".join(filter(None, (one.subject, one.relation, one.ref))) for one in found]

    return find
