"""Each thing to know of a source is a sentence of its own, in both languages."""

from dataclasses import replace
from typing import Any

import pytest

from service.api.trackers.source_report import SourceReport
from service.api.trackers.source_warnings import warnings_of
from service.flow.unconfigured import UnconfiguredReferences
from service.store.backlog.overview import Coverage
from service.store.sources.rejected_records import RejectedRecord
from service.store.sources.sources import SourceRow
from tests.support.flow import source

ROW = SourceRow(
    key="onl", state="ok", checkpoint=None, complete=True, last_delta=None, last_full_scan=None,
    last_sweep=None, watermark=None, capabilities=None, rejected_count=0, unmapped="{}",
    definition_of_done=None, requests=0, quota_remaining=None, quota_limit=None, quota_resets_at=None,
    error=None, error_reason=None, failing_since=None, digest=None, scan=None, suspected=None,
)  # fmt: skip
COVERAGE = Coverage("onl", 0, 0, 0, 0, 0, 0, 0)
WELL = SourceReport(source(), ROW, "ok", 0, 0, COVERAGE, (), {}, 0, (), None)
OPS = UnconfiguredReferences("acme.example", "OPS", 3, ("ONL-1",), "- {key: ops}")


def test_of_a_source_that_is_read_well_there_is_nothing_to_say() -> None:
    assert warnings_of(WELL, "en") == []
    assert warnings_of(replace(WELL, state="never", row=replace(ROW, complete=False)), "en") == []
    assert warnings_of(replace(WELL, state="failing", row=replace(ROW, error="no access")), "en") == []


CASES: list[tuple[dict[str, Any], dict[str, Any], str, str]] = [
    ({"state": "stale"}, {}, "Nothing was read", "niets gelezen"),
    ({}, {"error": "wait an hour"}, "limit: wait an hour", "limiet van zijn tracker: wait an hour"),
    ({"state": "syncing"}, {"complete": False}, "for the first time", "voor het eerst"),
    ({"rejected": (RejectedRecord("ONL-9", "no title"),)}, {"rejected_count": 3},
     "could not be read: 3; the first: ONL-9, no title.", "konden worden: 3; het eerste: ONL-9, no title."),
    ({}, {"unmapped": '{"priority": ["P1", "P2"]}'}, "field priority", "veld priority"),
    ({}, {"capabilities": '{"missing": ["sprints"]}'}, "does not show sprints", "toont geen sprints"),
    ({"coverage": COVERAGE._replace(hidden=2)}, {}, "does not list: 2.", "niet noemt: 2."),
    ({"unread": {"remote-links": 7}}, {}, "links to other trackers of 7", "links naar andere trackers van 7"),
    ({"unread": {"assignees": 7}}, {}, "assignees of 7", "assignees van 7"),
    ({"unasked": 4}, {}, "asked about: 4.", "gevraagd moet worden: 4."),
    ({"unconfigured": (OPS, OPS._replace(project="PAY", references=1))}, {},
     "wait for OPS, PAY, which no source reads (4 references).", "wachten op OPS, PAY, en geen bron"),
    ({"stale_items": 5}, {}, "180 days: 5.", "180 dagen heeft aangeraakt: 5."),
]  # fmt: skip


@pytest.mark.parametrize(("report", "row", "english", "dutch"), CASES)
def test_what_is_to_be_known_is_said_in_both_languages(
    report: dict[str, Any], row: dict[str, Any], english: str, dutch: str
) -> None:
    told = replace(WELL, row=replace(ROW, **row), **report)
    [sentence] = warnings_of(told, "en")
    assert english in sentence
    [zin] = warnings_of(told, "nl")
    assert dutch in zin


def test_of_many_names_a_sentence_says_the_first_and_how_many_more_there_are() -> None:
    projects = tuple(OPS._replace(project=f"OPS{number}") for number in range(8))
    [sentence] = warnings_of(replace(WELL, unconfigured=projects), "en")
    assert "OPS4 (+3), which" in sentence
