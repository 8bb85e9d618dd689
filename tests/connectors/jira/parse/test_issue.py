"""One issue at a time: what each of Jira's shapes becomes."""

from collections.abc import Callable
from datetime import date
from typing import Any

import orjson
import pytest

from connectors.contract import Setting
from connectors.item import DodLine, TrackerItem
from connectors.jira import Options
from connectors.jira.parse.fields import discover
from connectors.jira.parse.issue import REMOTE_LINKS, IssueReader, Site
from connectors.jira.simulator import DEFAULT_FIELDS, Flavour, Sprint, issue, remote_link, version
from connectors.jira.simulator import fields as known

SITE = Site("acme.atlassian.net", "https://acme.atlassian.net/browse/")
FIRST = Sprint(1, "Sprint 1, the long one", "active", "2026-03-02T08:00:00.000Z", "2026-03-13T23:30:00.000Z")
SECOND = Sprint(2, "Sprint 2", "future", "2026-03-16T08:00:00.000Z", "2026-03-27T16:00:00.000Z")
CLOSED = Sprint(3, "Sprint 0", "closed", "2026-04-01T08:00:00.000Z", "2026-04-30T16:00:00.000Z")


@pytest.fixture
def reader(setting: Setting, options: Callable[..., Options]) -> Callable[..., IssueReader]:
    def make(**more: Any) -> IssueReader:
        made = options(**more)
        fields = discover(DEFAULT_FIELDS, made.mapping.fields, setting.vocabulary.dod_names, "10000").fields
        return IssueReader(made, setting, fields, SITE)

    return make


@pytest.fixture
def parse(reader: Callable[..., IssueReader]) -> Callable[..., TrackerItem]:
    def run(flavour: Flavour = "cloud", **said: Any) -> TrackerItem:
        return reader().parse_issue(issue("ONL-1", "Search", flavour, id="10001", **said))

    return run


def _ends(**said: str) -> dict[str, Any]:
    return {"id": "1", "type": {"name": "T", **said}}


def test_an_issue_is_named_by_its_id_and_its_key(parse: Callable[..., TrackerItem]) -> None:
    found = parse()
    assert found.identity == "jira://acme.atlassian.net/id/10001"
    assert found.name == "jira://acme.atlassian.net/ONL-1"
    assert found.url == "https://acme.atlassian.net/browse/ONL-1"
    assert (found.key, found.native_id, found.title) == ("ONL-1", "10001", "Search")


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
@pytest.mark.parametrize(
    ("said", "start", "due"),
    [
        ({}, (None, None), (None, None)),
        ({"due": "2026-03-01"}, (None, None), (date(2026, 3, 1), "field")),
        ({"due": "2026-03-01", "target_end": "2026-03-05"}, (None, None), (date(2026, 3, 5), "field")),
        ({"start": "2026-02-01"}, (date(2026, 2, 1), "field"), (None, None)),
        (
            {"start": "2026-02-01", "target_start": "2026-02-03"},
            (date(2026, 2, 3), "field"),
            (None, None),
        ),
        # 23:30 UTC on the 13th is the 14th in Amsterdam
        ({"sprint": FIRST}, (date(2026, 3, 2), "sprint"), (date(2026, 3, 14), "sprint")),
        ({"sprint": [SECOND, FIRST]}, (date(2026, 3, 16), "sprint"), (date(2026, 3, 27), "sprint")),
        ({"sprint": CLOSED}, (None, None), (None, None)),
        ({"sprint": FIRST, "due": "2026-03-01"}, (date(2026, 3, 2), "sprint"), (date(2026, 3, 1), "field")),
        (
            {"versions": [version("2.0", "2026-06-01"), version("1.9", "2026-05-01")]},
            (None, None),
            (date(2026, 5, 1), "release"),
        ),
        (
            {"versions": [version("1.8", "2026-04-01", released=True), version("1.9", "2026-05-01")]},
            (None, None),
            (date(2026, 5, 1), "release"),
        ),
        ({"versions": [version("1.8", "2026-04-01", archived=True)]}, (None, None), (None, None)),
        ({"due": "next week"}, (None, None), (None, None)),
        ({"due": "0001-01-01T00:00:00.000+0000"}, (None, None), (date(1, 1, 1), "field")),
        ({"due": "9999-12-31T23:59:59.000+0000"}, (None, None), (None, None)),
    ],
)
def test_dates_come_from_the_first_place_that_has_one(
    parse: Callable[..., TrackerItem], flavour: str, said: dict[str, Any], start: Any, due: Any
) -> None:
    found = parse(flavour, **said)
    assert (found.start, found.start_from) == start
    assert (found.due, found.due_from) == due


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_a_sprint_name_may_hold_commas(parse: Callable[..., TrackerItem], flavour: str) -> None:
    assert parse(flavour, sprint=[CLOSED, FIRST]).sprint == "Sprint 1, the long one"


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"status": "Backlog"}, "todo"),
        ({"status": "Bezig"}, "doing"),
        ({"status": "Done"}, "done"),
        ({"status": "Shipped", "category": "done"}, "done"),
        ({"status": "Done", "resolution": "Won't Do"}, "dropped"),
        ({"status": "Done", "resolution": "Afgewezen"}, "dropped"),
        ({"status": "Backlog", "resolution": "Won't Do"}, "todo"),
        ({"status": "Ready to ship"}, "todo"),
        ({"status": "Retired", "category": "done"}, "dropped"),
    ],
)
def test_state_is_the_mapping_then_the_category_and_a_resolution_drops(
    reader: Callable[..., IssueReader], said: dict[str, Any], state: str
) -> None:
    mapped = reader(mapping={"state": {"ready to SHIP": "todo", "Retired": "dropped"}})
    found = mapped.parse_issue(issue("ONL-1", "Search", id="10001", **said))
    assert (found.state, found.status) == (state, said["status"])


def test_what_is_done_has_the_day_it_closed_in_the_products_zone(parse: Callable[..., TrackerItem]) -> None:
    assert parse(status="Done", resolved="2026-03-01T23:30:00.000+0000").closed_on == date(2026, 3, 2)
    assert parse(status="Backlog").closed_on is None
    changed = {"resolutiondate": None, "statuscategorychangedate": "2026-03-01T10:00:00.000+0000"}
    assert parse(status="Done", more=changed).closed_on == date(2026, 3, 1)


def test_what_is_closed_keeps_its_resolution(parse: Callable[..., TrackerItem]) -> None:
    assert parse(status="Done", resolution="Duplicaat").closed_as == "Duplicaat"
    assert parse(status="Done").closed_as == "Done"
    assert parse(status="Backlog", resolution="Duplicate").closed_as is None


@pytest.mark.parametrize(
    ("status", "resolution", "is_duplicate"),
    [
        ("Done", "Duplicate", True),
        ("Done", " DUPLICATE ", True),
        ("Done", "Duplicaat", True),
        ("Done", "Won't Do", False),
        ("Done", "Not a duplicate", False),
        ("Done", "Done", False),
        ("Duplicate", None, False),
        ("Backlog", "Duplicate", False),
    ],
)
def test_a_duplicate_is_told_by_its_resolution_alone(
    parse: Callable[..., TrackerItem], status: str, resolution: str | None, is_duplicate: bool
) -> None:
    links = [{**_ends(inward="x", outward="duplicates"), "outwardIssue": {"id": "10002", "key": "STO-2"}}]
    found = parse(status=status, resolution=resolution, links=links)
    assert found.is_duplicate is is_duplicate
    assert found.links[0].relation == "duplicates"


@pytest.mark.parametrize(
    ("word", "level"),
    [("Highest", 1), ("HIGH", 2), ("Low", 4), ("P-Odd", None), ("Blocker", 3), (None, None)],
)
def test_the_mapping_goes_before_the_vocabulary(
    reader: Callable[..., IssueReader], word: str | None, level: int | None
) -> None:
    mapped = reader(mapping={"priority": {"blocker": 3}})
    found = mapped.parse_issue(issue("ONL-1", "Search", id="10001", priority=word))
    assert (found.priority, found.priority_name) == (level, word)


@pytest.mark.parametrize(
    ("flavour", "type_", "kind"),
    [
        ("cloud", "Epic", "epic"),
        ("datacenter", "Epic", "epic"),
        ("cloud", "Initiative", "initiative"),
        ("datacenter", "Initiative", "initiative"),
        ("cloud", "Sub-task", "subtask"),
        ("datacenter", "Sub-task", "subtask"),
        ("cloud", "User Story", "story"),
        ("cloud", "Defect", "bug"),
        ("cloud", "Improvement", "task"),
    ],
)
def test_kinds(parse: Callable[..., TrackerItem], flavour: str, type_: str, kind: str) -> None:
    found = parse(flavour, type=type_)
    assert (found.kind, found.type) == (kind, type_)


@pytest.mark.parametrize(
    ("fields", "parent"),
    [
        ({"parent": {"id": "10002", "key": "ONL-2"}}, "jira://acme.atlassian.net/id/10002"),
        ({known.EPIC_LINK: "ONL-2"}, "jira://acme.atlassian.net/ONL-2"),
        ({known.PARENT_LINK: "PF-1"}, "jira://acme.atlassian.net/PF-1"),
        ({known.PARENT_LINK: {"data": {"id": 7, "key": "PF-1"}}}, "jira://acme.atlassian.net/id/7"),
        ({known.PARENT_LINK: {"data": None}}, None),
        ({}, None),
    ],
)
def test_parents(parse: Callable[..., TrackerItem], fields: dict[str, Any], parent: str | None) -> None:
    assert parse(more=fields).parent == parent


@pytest.mark.parametrize(
    ("kind", "end", "relation", "words"),
    [
        ({"inward": "is blocked by", "outward": "blocks"}, "outwardIssue", "blocks", "blocks"),
        ({"inward": "is blocked by", "outward": "blocks"}, "inwardIssue", "blocked-by", "is blocked by"),
        ({"inward": "is needed by", "outward": "depends on"}, "outwardIssue", "blocked-by", "depends on"),
        ({"inward": "is needed by", "outward": "depends on"}, "inwardIssue", "blocks", "is needed by"),
        ({"inward": "is cloned by", "outward": "clones"}, "inwardIssue", "clones", "is cloned by"),
        ({"inward": "x", "outward": "duplicates"}, "outwardIssue", "duplicates", "duplicates"),
        ({"inward": "a", "outward": "conflicts with"}, "inwardIssue", "conflicts", "a"),
        ({"inward": "relates to", "outward": "relates to"}, "outwardIssue", "relates", "relates to"),
        ({"name": "Gantt", "inward": "after", "outward": "before"}, "outwardIssue", "blocks", "before"),
        ({"name": "Gantt", "inward": "after", "outward": "before"}, "inwardIssue", "blocked-by", "after"),
    ],
)
def test_a_link_means_what_its_own_words_say(
    reader: Callable[..., IssueReader], kind: dict[str, str], end: str, relation: str, words: str
) -> None:
    entry = {**_ends(**kind), end: {"id": "10002", "key": "STO-2"}}
    mapped = reader(mapping={"blocks": ["gantt"]})
    found = mapped.parse_issue(issue("ONL-1", "Search", id="10001", links=[entry])).links
    assert [(one.relation, one.ref, one.origin, one.words) for one in found] == [
        (relation, "jira://acme.atlassian.net/id/10002", "native", words)
    ]


@pytest.mark.parametrize(
    ("url", "said", "relation", "ref"),
    [
        ("https://github.com/Acme/Stores/issues/12", "is blocked by", "blocked-by", "github://github.com/acme/stores#12"),
        ("http://127.0.0.1:8101/acme/web/issues/3", "blocks", "blocks", "github://127.0.0.1:8101/acme/web#3"),
        ("https://Jira.example/Tracker/browse/bo-7", "mentioned in", "relates", "jira://jira.example/tracker/BO-7"),
    ],
)  # fmt: skip
def test_remote_links_lead_to_other_trackers(
    reader: Callable[..., IssueReader], url: str, said: str, relation: str, ref: str
) -> None:
    told = {**issue("ONL-1", "Search", id="10001"), REMOTE_LINKS: [remote_link(url, said)]}
    (found,) = reader().parse_issue(told).links
    assert (found.relation, found.ref, found.origin) == (relation, ref, "remote")


@pytest.mark.parametrize(
    "url",
    ["https://github.com/acme/stores/pull/12", "https://wiki.example/page", "", "javascript:alert(1)", "http://[bad"],
)  # fmt: skip
def test_remote_links_to_anything_else_are_nothing(reader: Callable[..., IssueReader], url: str) -> None:
    told = {**issue("ONL-1", "Search", id="10001"), REMOTE_LINKS: [remote_link(url, "blocks")]}
    assert reader().parse_issue(told).links == ()


@pytest.mark.parametrize(
    "description",
    [
        "This is blocked by ONL-7.",
        {
            "type": "doc",
            "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "This is blocked by ONL-7."}]}
            ],
        },
    ],
)
def test_sentences_are_read_in_wiki_text_and_in_documents(
    parse: Callable[..., TrackerItem], description: Any
) -> None:
    (found,) = parse(description=description).links
    assert (found.relation, found.ref, found.origin) == ("blocked-by", "jira:ONL-7", "text")


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ({"dod": "* [x] Reviewed\n* [ ] Tested"}, [("Reviewed", True), ("Tested", False)]),
        ({"dod": "Reviewed\n\nTested"}, [("Reviewed", False), ("Tested", False)]),
        ({"dod_options": ["Reviewed", "Tested"]}, [("Reviewed", True), ("Tested", True)]),
        ({"more": {known.DONE_CRITERIA: [{"name": "Reviewed", "checked": False}]}}, [("Reviewed", False)]),
        ({"more": {known.DONE_CRITERIA: {"value": "Reviewed"}}}, [("Reviewed", True)]),
        (
            {
                "dod": {
                    "type": "doc",
                    "content": [
                        {
                            "type": "taskList",
                            "content": [
                                {
                                    "type": "taskItem",
                                    "attrs": {"state": state},
                                    "content": [{"type": "text", "text": text}],
                                }
                                for text, state in (("Reviewed", "DONE"), ("Tested", "TODO"))
                            ],
                        }
                    ],
                }
            },
            [("Reviewed", True), ("Tested", False)],
        ),
        ({}, []),
    ],
)
def test_a_definition_of_done_in_every_form(
    parse: Callable[..., TrackerItem], said: dict[str, Any], lines: list[tuple[str, bool]]
) -> None:
    assert parse(**said).dod == tuple(DodLine(*one) for one in lines)


def test_the_plain_fields(parse: Callable[..., TrackerItem]) -> None:
    found = parse(points=3, rank="0|i0001:", labels=["promo"], components=["Search"], assignee="Ada Lovelace")
    assert (found.estimate, found.rank, found.labels) == (3.0, "0|i0001:", ("promo",))
    assert (found.components, found.assignee) == (("Search",), "Ada Lovelace")
    assert orjson.loads(found.raw)["key"] == "ONL-1"


def test_a_record_without_a_summary_is_kept(reader: Callable[..., IssueReader]) -> None:
    assert reader().parse_issue(issue("ONL-1", None, id="10001")).title == ""


def test_a_record_that_cannot_be_read_is_rejected_and_the_page_goes_on(
    reader: Callable[..., IssueReader],
) -> None:
    broken = issue("ONL-2", "No status", id="10002")
    del broken["fields"]["status"]
    undated = issue("ONL-3", "No date", id="10003", created="yesterday")
    parsed = reader().parse_page([broken, undated, {"key": "ONL-4"}, issue("ONL-1", "Fine", id="10001")])
    assert [one.key for one in parsed.items] == ["ONL-1"]
    assert [one.key for one in parsed.rejected] == ["ONL-2", "ONL-3", "ONL-4"]
    assert parsed.rejected[0].reason == "it has no status"
    assert "yesterday" in parsed.rejected[1].reason


def test_records_without_a_name_are_told_by_page_and_place_each_once(
    reader: Callable[..., IssueReader],
) -> None:
    fine = issue("ONL-1", "Fine", id="10001")
    nameless: list[Any] = [
        {},
        {"key": None},
        {"key": {}, "id": []},
        {"fields": {}},
        {"id": 7},
        {"key": "ONL-9"},
    ]
    parsed = reader().parse_page([fine, *nameless, fine], page=3)
    assert [one.key for one in parsed.rejected] == [
        "page 3, record 2",
        "page 3, record 3",
        "page 3, record 4",
        "page 3, record 5",
        "7",
        "ONL-9",
    ]


def test_an_issue_with_a_security_level_is_left_out_unless_included(
    reader: Callable[..., IssueReader],
) -> None:
    hidden = issue("ONL-1", "Takeover", id="10001", security="Board only")
    parsed = reader().parse_page([hidden])
    assert (parsed.items, parsed.restricted) == ([], ["jira://acme.atlassian.net/id/10001"])
    included = reader(include_restricted=True).parse_page([hidden])
    assert [one.key for one in included.items] == ["ONL-1"]


def test_words_that_map_to_nothing_are_told(reader: Callable[..., IssueReader]) -> None:
    odd = issue("ONL-1", "Search", id="10001", priority="P-Odd", status="Limbo")
    del odd["fields"]["status"]["statusCategory"]
    assert reader().parse_page([odd]).unmapped == {"priority": ["P-Odd"], "state": ["Limbo"]}


def test_what_is_kept_of_an_issue_tells_nothing_of_others(reader: Callable[..., IssueReader]) -> None:
    """A link's other end may be hidden from those who see this one."""
    secret = {"id": "10002", "key": "ONL-2", "fields": {"summary": "Takeover"}}
    links = [
        {**_ends(inward="is blocked by", outward="blocks"), end: secret}
        for end in ("inwardIssue", "outwardIssue")
    ]
    told = issue("ONL-1", "Search", id="10001", links=links, more={"parent": secret})
    found = reader().parse_issue(told)
    assert "Takeover" not in repr(found)
    assert b"Takeover" not in found.raw
    assert orjson.loads(found.raw)["fields"]["issuelinks"][0]["inwardIssue"] == {
        "id": "10002",
        "key": "ONL-2",
    }
    assert len(found.links) == 2
