"""Lines are matched by meaning: measured on labelled pairs (pairs.yaml)."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from service.domain.done import Catalogue, compare

PAIRS = YAML(typ="safe", pure=True).load(Path(__file__).with_name("pairs.yaml").read_text("utf-8"))
AS_GOOD_AS = 0.95


def _is_same(one: str, other: str, known: Catalogue) -> bool:
    return len(compare({"a": [one], "b": [other]}, (), known).criteria) == 1


def test_pairs_of_lines_are_matched_with_precision_and_recall(known: Catalogue) -> None:
    missed = [pair for pair in PAIRS["same"] if not _is_same(pair[0], pair[1], known)]
    merged = [pair for pair in PAIRS["different"] if _is_same(pair[0], pair[1], known)]
    found = len(PAIRS["same"]) - len(missed)
    precision, recall = found / (found + len(merged)), found / len(PAIRS["same"])
    print(f"{len(PAIRS['same']) + len(PAIRS['different'])} pairs: {precision=:.3f} {recall=:.3f}")
    assert len(PAIRS["same"]) + len(PAIRS["different"]) >= 120
    assert precision >= AS_GOOD_AS, merged
    assert recall >= AS_GOOD_AS, missed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Unit tests written", "Integration tests written"),
        ("Code reviewed", "Design reviewed"),
        ("Documentation updated", "Release notes updated"),
        ("Performance tested", "Security tested"),
        ("Deployed to staging", "Deployed to production"),
        ("Unit tests required", "No unit tests required"),
        ("Unit tests required", "Unit tests not required"),
        ("Approved by finance", "Approved by legal"),
        ("Works with Java 17", "Works with Java 21"),
    ],
)
def test_lines_that_share_words_but_not_meaning_stay_apart(one: str, other: str, known: Catalogue) -> None:
    assert not _is_same(one, other, known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("at least 80 % coverage", "dekking ≥ 70%"),
        ("Code reviewed", "Reviewed by another colleague"),
        ("Code reviewed", "No code is merged without review"),
        ("Code reviewed", "Code reviewed by someone who did not write it"),
        ("- [x] **Code reviewed**", "1. Code review"),
        ("No critical bugs", "0 critical bugs"),
        ("Release train informed", "The release trains are informed"),
    ],
)
def test_lines_that_mean_the_same_are_one_criterion(one: str, other: str, known: Catalogue) -> None:
    assert _is_same(one, other, known)
