"""Precision and recall over descriptions labelled by hand."""

from pathlib import Path

from ruamel.yaml import YAML

from connectors.text import may_have_dependencies
from connectors.vocabulary import Vocabulary
from tests.connectors.text.conftest import Edges

CASES = YAML(typ="safe").load(Path(__file__).with_name("labelled.yaml"))


def test_the_labelled_set_is_large_and_varied() -> None:
    assert len(CASES) >= 220
    assert sum(not case["edges"] for case in CASES) >= 80
    assert {case["at"] for case in CASES} == {"jira", "github"}


def test_edges_are_found_with_precision_and_recall_of_98_percent(edges: Edges) -> None:
    right = wrong = missed = 0
    failures = []
    for case in CASES:
        found, meant = set(edges(case["text"], case["at"])), set(case["edges"])
        right += len(found & meant)
        wrong += len(found - meant)
        missed += len(meant - found)
        if found != meant:
            failures.append((case["text"][:80], sorted(found ^ meant)))
    precision, recall = right / (right + wrong), right / (right + missed)
    said = (
        f"precision {precision:.4f}, recall {recall:.4f} over {len(CASES)} texts; not as labelled: {failures}"
    )
    print(said)
    assert precision >= 0.98, said
    assert recall >= 0.98, said


def test_the_cheap_look_lets_every_text_with_an_edge_pass(vocabulary: Vocabulary) -> None:
    assert all(may_have_dependencies(case["text"], vocabulary) for case in CASES if case["edges"])


def test_the_cheap_look_spares_texts_without_a_phrase(vocabulary: Vocabulary) -> None:
    assert not may_have_dependencies("As a customer I pay with ONL-12. See #3, acme/web#4.", vocabulary)
    assert not may_have_dependencies("", vocabulary)
