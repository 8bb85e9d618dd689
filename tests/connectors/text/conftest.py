"""The words of config/vocabulary/phrases.yaml, and the places that texts stand at."""

from collections.abc import Callable
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from connectors.text import Home, find_dependencies
from connectors.vocabulary import Vocabulary

PHRASES = Path(__file__).parents[3] / "config" / "vocabulary" / "phrases.yaml"
DOD_NAMES = ("definition of done", "dod", "done criteria", "definitie van klaar", "definitie van gereed")
HOMES = {
    "jira": Home("acme.atlassian.net", "jira", None),
    "github": Home("github.com", "github", "acme/web"),
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
def edges(vocabulary: Vocabulary) -> Callable[..., list[str]]:
    """``edges("Blocked by #1", at="github")`` → ``["blocked-by github://github.com/acme/web#1"]``."""

    def find(text: str, at: str = "jira") -> list[str]:
        return [f"{one.relation} {one.ref}" for one in find_dependencies(text, vocabulary, HOMES[at])]

    return find
