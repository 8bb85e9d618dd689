"""Which fields are found, what JQL is written, and how options are checked."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from connectors.contract import SourceError
from connectors.jira import Options, adf, query
from connectors.jira.fields import Fields, discover
from connectors.jira.simulator import DEFAULT_FIELDS
from connectors.jira.simulator import fields as known
from connectors.options import FieldMapping

NAMES = ("definition of done", "dod")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


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


@pytest.mark.parametrize(
    ("moment", "zone", "written"),
    [
        (datetime(2026, 3, 1, 12, 0, 59, tzinfo=UTC), AMSTERDAM, "2026-03-01 13:00"),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), AMSTERDAM, "2026-07-01 14:00"),
        # 01:30 UTC is the second 02:30 of that night; Jira may mean either
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), AMSTERDAM, "2026-10-25 01:30"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), AMSTERDAM, "2026-10-25 01:30"),
        (datetime(2026, 3, 1, 12, 0, tzinfo=UTC), None, "2026-02-28 12:00"),
        (datetime(1960, 1, 1, tzinfo=UTC), AMSTERDAM, "1970-01-01 01:00"),
    ],
)
def test_a_literal_is_never_later_than_its_moment(
    moment: datetime, zone: ZoneInfo | None, written: str
) -> None:
    assert query.minute(moment.timestamp(), zone) == written


def test_unknown_zones_are_known_as_such() -> None:
    assert query.account_zone("Not/AZone") is None
    assert query.account_zone(None) is None
    assert query.account_zone("Europe/Amsterdam") == AMSTERDAM


@pytest.mark.parametrize(
    "auth", [{"email": "a@example.com", "token": "t"}, {"token": "t"}, {"username": "ada", "password": "p"}]
)
def test_three_ways_to_sign_in(options: Callable[..., Options], auth: dict[str, str]) -> None:
    assert "'t'" not in repr(options(auth=auth))


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "acme.atlassian.net"},
        {"url": "https://ada:pw@acme.example"},
        {"url": "https://acme.example/?x=1"},
        {"project": "ONL OR project = X"},
        {"auth": {"email": "a@example.com"}},
        {"auth": {}},
        {"colour": "red"},
    ],
)
def test_wrong_options_are_refused(options: Callable[..., Options], wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        options(**wrong)


def _text(words: str, *marks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "text", "text": words, "marks": list(marks)}


@pytest.mark.parametrize(
    ("node", "written"),
    [
        ({"type": "paragraph", "content": [_text("a"), {"type": "hardBreak"}, _text("b")]}, "a\nb"),
        ({"type": "paragraph", "content": [_text("x", {"type": "code"})]}, "`x`"),
        ({"type": "paragraph", "content": [_text("x", {"type": "strike"})]}, "~~x~~"),
        (
            {"type": "paragraph", "content": [_text("x", {"type": "link", "attrs": {"href": "https://y"}})]},
            "[x](https://y)",
        ),
        (
            {"type": "paragraph", "content": [{"type": "inlineCard", "attrs": {"url": "https://y"}}]},
            "https://y",
        ),
        ({"type": "heading", "attrs": {"level": 2}, "content": [_text("Done")]}, "## Done"),
        ({"type": "codeBlock", "content": [_text("x")]}, "```\nx\n```"),
        ({"type": "blockquote", "content": [{"type": "paragraph", "content": [_text("x")]}]}, "> x\n>"),
        (
            {
                "type": "bulletList",
                "content": [
                    {"type": "listItem", "content": [{"type": "paragraph", "content": [_text(one)]}]}
                    for one in ("a", "b")
                ],
            },
            "- a\n- b",
        ),
        (
            {
                "type": "table",
                "content": [
                    {
                        "type": "tableRow",
                        "content": [
                            {"type": "tableCell", "content": [{"type": "paragraph", "content": [_text(one)]}]}
                            for one in ("a", "b")
                        ],
                    }
                ],
            },
            "| a | b |",
        ),
        ({"type": "panel", "content": [{"type": "paragraph", "content": [_text("x")]}]}, "x"),
        ({"type": "rule"}, ""),
    ],
)
def test_a_document_becomes_markdown(node: dict[str, Any], written: str) -> None:
    assert adf.to_text({"type": "doc", "content": [node]}) == written
