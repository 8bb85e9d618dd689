"""Which of the blockers that nobody here answers to are told of, and as what."""

import pytest

from service.domain.plan.relations import Unresolved
from service.flow.analysis.references import missing
from service.store.naming.claims import Claim
from service.store.naming.look_ups import State
from service.store.naming.sites import Sites

SITES = Sites({"onl": "a.example"}, {"onl": frozenset({"jira://a.example/ONL"})}, {"onl": {}})
ONL = "jira://a.example/ONL-9"

CASES: dict[str, tuple[str, str, State | None, str | None]] = {
    "it does not exist": (ONL, "blocked-by", "absent", "ONL-9"),
    "it is restricted": (ONL, "blocked-by", "hidden", "restricted"),
    "it exists, and a filter leaves it out": (ONL, "blocked-by", "item", None),
    "it is a pull request": (ONL, "blocked-by", "other", None),
    "nobody was asked yet": (ONL, "blocked-by", None, None),
    "it is what waits": (ONL, "blocks", "absent", None),
    "it is no dependency": (ONL, "duplicates", "absent", None),
    "no source holds its project": ("jira://a.example/XYZ-9", "blocked-by", "absent", None),
    "no source lives on its site": ("jira://b.example/ONL-9", "blocked-by", "absent", None),
    "no source holds its project, and it is restricted": (
        "jira://a.example/XYZ-9",
        "blocked-by",
        "hidden",
        None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("ref", "relation", "state", "reference"), CASES.values(), ids=CASES.keys())
def test_a_blocker_is_unresolved_when_its_tracker_says_that_there_is_none(
    ref: str, relation: str, state: State | None, reference: str | None
) -> None:
    claim = Claim("onl:1", relation, ref, "text", "waits for")
    words = "" if reference == "restricted" else "waits for"
    told = [] if reference is None else [Unresolved("onl:1", reference, "text", words)]
    assert missing([(ref, claim)], SITES, {ref: state} if state else {}) == told


@pytest.mark.parametrize(("state", "reference"), [("absent", None), ("item", None), ("hidden", "restricted")])
def test_what_a_tracker_links_by_its_own_id_exists(state: State, reference: str | None) -> None:
    claim = Claim("onl:1", "blocked-by", "jira://a.example/id/10009", "native", "is blocked by")
    told = [Unresolved("onl:1", reference, "native", "")] if reference else []
    assert missing([(ONL, claim)], SITES, {ONL: state}) == told
