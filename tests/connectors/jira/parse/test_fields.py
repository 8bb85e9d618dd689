"""Which of a site's fields hold the plan."""

from typing import Any

import pytest

from connectors.contract import SourceError
from connectors.jira.parse.fields import Fields, discover
from connectors.jira.simulator import DEFAULT_FIELDS
from connectors.jira.simulator import fields as known
from connectors.options import FieldMapping

NAMES = ("definition of done", "dod")


def found(*more: dict[str, Any], **mapping: Any) -> Fields:
    return discover([*DEFAULT_FIELDS, *more], FieldMapping(**mapping), NAMES, "10000").fields


def field(number: int, name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"id": f"customfield_{number}", "name": name, "custom": True, "schema": {"type": kind}, **more}


def test_fields_are_recognised_by_what_they_are() -> None:
    renamed = field(5, "Iteratie", "array")
    renamed["schema"]["custom"] = "com.pyxis.greenhopper.jira:gh-sprint"
    assert found(renamed).sprint == [known.SPRINT, "customfield_5"]
    assert found().due == [known.TARGET_END, "duedate"]
    assert found().start == [known.TARGET_START, known.START_DATE]


def test_a_mapped_field_comes_first() -> None:
    assert found(field(5, "Go live", "date"), due="go LIVE").due[0] == "customfield_5"
    assert found(estimate=known.STORY_POINTS).estimate == [known.STORY_POINTS]


@pytest.mark.parametrize(
    ("name", "is_dod"),
    [("DoD", True), ("Our Definition of Done (web)", True), ("Dodgy", False), ("Done?", False)],
)
def test_definitions_of_done_are_found_by_name(name: str, is_dod: bool) -> None:
    assert ("customfield_5" in found(field(5, name)).definition_of_done) is is_dod


def test_mapped_definitions_of_done_replace_the_found_ones() -> None:
    assert found(field(5, "Checklist"), definition_of_done=("Checklist",)).definition_of_done == [
        "customfield_5"
    ]


def test_another_projects_own_fields_are_left_alone() -> None:
    theirs = field(5, "DoD", scope={"type": "PROJECT", "project": {"id": "10001"}})
    assert "customfield_5" not in found(theirs).definition_of_done


@pytest.mark.parametrize(
    ("mapping", "said"), [({"due": "Gone"}, "Gone"), ({"due": "Story Points"}, "number")]
)
def test_a_mapping_that_does_not_fit_says_so(mapping: dict[str, Any], said: str) -> None:
    with pytest.raises(SourceError, match=said) as raised:
        found(**mapping)
    assert raised.value.reason == "mapping"
