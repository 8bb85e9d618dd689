"""Whatever stands in a record's fields, it is read in the contract's types or rejected; nothing crashes."""

from dataclasses import fields as fields_of
from datetime import date, datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.contract import Setting
from connectors.item import Kind, State, TrackerItem
from connectors.jira import Options
from connectors.jira.parse.changelog import ChangeReader
from connectors.jira.parse.decode import as_record
from connectors.jira.parse.fields import discover
from connectors.jira.parse.issue import REMOTE_LINKS, IssueReader, Site
from connectors.jira.reading.checkpoint import Delta
from connectors.jira.simulator import DEFAULT_FIELDS, issue, link
from connectors.options import FieldMapping
from tests.connectors.jira.conftest import VOCABULARY
from tests.support.examples import examples

NAMES = [
    "id",
    "key",
    "name",
    "value",
    "type",
    "content",
    "fields",
    "object",
    "url",
    "data",
    "text",
    "marks",
    "releaseDate",
    "inwardIssue",
    "outwardIssue",
    "startDate",
    "endDate",
    "state",
    "displayName",
    "attrs",
]
ODD_WORDS = ["9999-12-31T23:59:59.999-1200", "0001-01-01", "id=1,name=", "new", "NaN", "1e999"]
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8) | st.sampled_from(ODD_WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=10,
)
WHOLE = issue("ONL-1", "Search", id="10001", links=[link("Blocks", outward="ONL-2")], parent="ONL-3")
FOUND = discover(DEFAULT_FIELDS, FieldMapping(), VOCABULARY.dod_names, "10000").fields
TEXTS = ("native_id", "identity", "name", "key", "url", "title", "type", "status")
MAYBE_TEXTS = ("priority_name", "assignee", "sprint", "release", "rank", "parent")


@pytest.fixture(scope="module")
def reader() -> IssueReader:
    given_ = {
        "key": "onl",
        "type": "jira",
        "url": "https://acme.example",
        "project": "ONL",
        "auth": {"token": "t"},
    }
    made = Options.model_validate(given_)
    setting = Setting(VOCABULARY, ZoneInfo("Europe/Amsterdam"))
    return IssueReader(made, setting, FOUND, Site("acme.example", "https://acme.example/browse/"))


@settings(max_examples=examples(300), deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(WHOLE["fields"])), anything, max_size=4), anything)
def test_any_fields(reader: IssueReader, odd: dict[str, Any], remote: Any) -> None:
    told = {**WHOLE, "fields": {**WHOLE["fields"], **odd}, REMOTE_LINKS: remote}
    reader.closed_long_ago(told, date(2026, 3, 1))
    reader.lacks_closing(told)
    parsed = reader.parse_page([as_record(told), WHOLE])
    assert len(parsed.items) + len(parsed.rejected) + len(parsed.restricted) == 2
    for item in parsed.items:
        _is_as_declared(item)
    for rejected in parsed.rejected:
        assert rejected.key == "ONL-1"
        assert rejected.reason


@given(anything)
def test_any_record(reader: IssueReader, odd: Any) -> None:
    record = as_record(odd)
    parsed = reader.parse_page([record])
    assert len(parsed.items) + len(parsed.rejected) + len(parsed.restricted) == 1
    assert Delta(1e9).after([record], 2e9).updated >= 1e9


@given(st.lists(anything, max_size=3))
def test_any_changelog(odd: list[Any]) -> None:
    entries = [{"field": "status", "fromString": one, "toString": one} for one in odd]
    histories = [*odd, {"id": "1", "created": "2026-03-01T10:00:00.000+0000", "items": entries}]
    for change in ChangeReader(FOUND, DEFAULT_FIELDS).parse("jira://acme.example/id/1", histories, 0.0):
        assert isinstance(change.id, str)
        assert isinstance(change.by, str | None)
        assert isinstance(change.before, str | None)


def _is_as_declared(item: TrackerItem) -> None:
    assert {one.name for one in fields_of(item)} >= {*TEXTS, *MAYBE_TEXTS}
    for name in TEXTS:
        assert isinstance(getattr(item, name), str), name
    for name in MAYBE_TEXTS:
        assert isinstance(getattr(item, name), str | None), name
    assert item.state in get_args(State)
    assert item.kind in get_args(Kind)
    assert isinstance(item.created, datetime)
    assert item.created.tzinfo is not None
    assert all(isinstance(one, date | None) for one in (item.start, item.due, item.closed_on))
    assert isinstance(item.estimate, float | None)
    assert all(isinstance(one, str) for one in (*item.labels, *item.components))
    assert all(isinstance(text, str) for one in item.links for text in (one.ref, one.words))
    assert all(isinstance(one.text, str) for one in item.dod)
