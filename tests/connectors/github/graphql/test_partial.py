"""One issue's part that GitHub fails to answer: the issue is read without it, and no other suffers."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.contract import Page
from connectors.github.simulator import GitHubHost, event, issue, milestone, project, project_values
from tests.connectors.github.hosts import STORES, all_pages, host_of, items, native_ids

PARTS = {
    "timelineItems": "history",
    "blockedBy": "blocked-by",
    "blocking": "blocking",
    "parent": "parent",
    "subIssuesSummary": "sub-issues",
    "issueDependenciesSummary": "hidden-blockers",
    "closedByPullRequestsReferences": "pull-requests",
    "issueFieldValues": "fields",
    "projectItems": "project",
    "labels": "labels",
    "milestone": "milestone",
    "issueType": "type",
    "stateReason": "close-reason",
    "assignees": "assignees",
}
HOWS = ("error", "nothing", "502")


def hosting(**more: Any) -> GitHubHost:
    values = project_values(due="2026-05-01", order=1)
    history = [event("AssignedEvent", "2026-01-04T00:00:00Z", assignee="bob")]
    stores = [
        issue(
            number,
            f"Issue {number}",
            project=values,
            history=history,
            labels=["P1"],
            blocked_by=[(STORES, 2)] if number == 3 else [],
        )
        for number in range(1, 8)
    ]
    return GitHubHost({STORES: stores}, {"acme/12": project("Plan", [STORES])}, token="t", **more)


async def scanned(connector: Any) -> list[Page]:
    return await all_pages(connector)


async def read(connector: Any) -> list[Page]:
    return [await connector.read([str(number) for number in range(1, 8)])]


async def read_by_node(connector: Any) -> list[Page]:
    return [await connector.read([f"id/I_acme_stores_{number}" for number in range(1, 8)])]


def unread(pages: list[Page]) -> dict[str, tuple[str, ...]]:
    return {one.native_id: one.unread for one in items(pages).values() if one.unread}


@pytest.mark.parametrize(
    ("field", "how"),
    [*((field, "error") for field in PARTS), ("timelineItems", "502"), ("parent", "nothing")],
)
async def test_an_issue_is_read_without_the_part_that_fails_and_names_it(
    opened: Callable[..., Any], field: str, how: Any
) -> None:
    host = hosting(failing={(STORES, 3): {field: how}})
    pages = await opened(host, read, project="acme/12")
    assert native_ids(pages) == ["1", "2", "3", "4", "5", "6", "7"]
    assert unread(pages) == {"3": (PARTS[field],)}
    assert not any(page.rejected for page in pages)
    (failed,) = [one for one in items(pages).values() if one.native_id == "3"]
    assert failed.title == "Issue 3"
    assert failed.hidden_blockers == 0
    assert bool(failed.due) == (field != "projectItems")


@pytest.mark.parametrize("use", [scanned, read, read_by_node])
@pytest.mark.parametrize("how", HOWS)
async def test_every_way_of_reading_leaves_out_the_part(
    opened: Callable[..., Any], use: Any, how: Any
) -> None:
    host = hosting(failing={(STORES, 3): {"blockedBy": how}, (STORES, 5): {"blocking": how}})
    pages = await opened(host, use, project="acme/12")
    assert unread(pages) == {"3": ("blocked-by",), "5": ("blocking",)}
    assert len(native_ids(pages)) == 7


@pytest.mark.parametrize("how", HOWS)
async def test_a_project_alone_leaves_out_the_part(opened: Callable[..., Any], how: Any) -> None:
    host = hosting(failing={(STORES, 3): {"blockedBy": how}})
    pages = await opened(host, scanned, repository=None, project="acme/12")
    assert unread(pages) == {"acme/stores#3": ("blocked-by",)}
    assert len(native_ids(pages)) == 7


@pytest.mark.parametrize("how", HOWS)
async def test_a_delta_passes_no_issue_whose_history_fails(opened: Callable[..., Any], how: Any) -> None:
    host = hosting()

    async def use(connector: Any) -> tuple[list[Page], list[Page]]:
        done = (await all_pages(connector))[-1].checkpoint
        for number in (2, 3, 4):
            host.put(STORES, issue(number, f"Changed {number}"))
        host.failing = {(STORES, 3): {"timelineItems": how}}
        changed = await all_pages(connector, done)
        return changed, await all_pages(connector, changed[-1].checkpoint)

    changed, later = await opened(host, use)
    assert native_ids(changed) == ["2", "3", "4"]
    assert unread(changed) == {"3": ("history",)}
    assert native_ids(later) == []


async def test_several_parts_of_one_issue_are_each_named(opened: Callable[..., Any]) -> None:
    host = hosting(failing={(STORES, 3): {"blockedBy": "error", "timelineItems": "error"}})
    pages = await opened(host, read)
    assert unread(pages) == {"3": ("blocked-by", "history")}


async def test_one_failing_issue_costs_few_requests_more(opened: Callable[..., Any]) -> None:
    host = host_of(300, failing={(STORES, 150): {"labels": "error"}})

    async def use(connector: Any) -> tuple[list[Page], int]:
        pages = await all_pages(connector)
        return pages, connector.requests

    pages, requests = await opened(host, use)
    assert (len(native_ids(pages)), unread(pages)) == (300, {"150": ("labels",)})
    assert requests <= 2 + 3 + 2


async def test_a_part_that_is_null_without_a_word_is_unread(opened: Callable[..., Any]) -> None:
    host = hosting(failing={(STORES, 3): {"labels": "null"}, (STORES, 4): {"timelineItems": "null"}})
    pages = await opened(host, read)
    assert unread(pages) == {"3": ("labels",), "4": ("history",)}


async def test_an_issue_whose_own_words_fail_is_rejected_under_its_key_and_once(
    opened: Callable[..., Any],
) -> None:
    host = hosting(failing={(STORES, 3): {"title": "error"}})
    pages = await opened(host, scanned)
    assert native_ids(pages) == ["1", "2", "4", "5", "6", "7"]
    assert [record.key for page in pages for record in page.rejected] == ["acme/stores#3"]


@pytest.mark.parametrize("how", ["error", "null"])
async def test_a_record_without_a_name_is_rejected_under_its_page_and_place(
    opened: Callable[..., Any], how: Any
) -> None:
    host = hosting(failing={(STORES, 3): {"id": how, "number": how}})
    pages = await opened(host, scanned)
    assert native_ids(pages) == ["1", "2", "4", "5", "6", "7"]
    assert [record.key for page in pages for record in page.rejected] == ["acme/stores, page 1, record 3"]


async def test_a_part_that_was_left_out_is_read_when_it_answers_again(opened: Callable[..., Any]) -> None:
    host = hosting(failing={(STORES, 3): {"blockedBy": "error"}})

    async def use(connector: Any) -> tuple[Page, Page]:
        before = await connector.read(["3"])
        host.failing = {}
        host.version += 1
        return before, await connector.read(["3"])

    before, after = await opened(host, use)
    assert (before.items[0].links, before.items[0].unread) == ((), ("blocked-by",))
    assert ([link.relation for link in after.items[0].links], after.items[0].unread) == (["blocked-by"], ())


async def test_what_was_kept_of_an_issue_read_in_part_is_read_again_as_it_was(
    opened: Callable[..., Any],
) -> None:
    host = hosting(failing={(STORES, 3): {"labels": "error"}})

    async def use(connector: Any) -> tuple[Page, Page]:
        page = await connector.read(["3"])
        return page, await connector.reread({"3": page.items[0].raw})

    page, again = await opened(host, use)
    assert list(again.items) == list(page.items)


async def test_more_failing_issues_than_can_be_mended_at_once_are_read_all_the_same(
    opened: Callable[..., Any],
) -> None:
    host = host_of(40, failing={(STORES, number): {"labels": "error"} for number in range(3, 33, 3)})
    pages = await opened(host, scanned)
    assert len(native_ids(pages)) == 40
    assert sorted(map(int, unread(pages))) == list(range(3, 33, 3))


async def test_news_that_github_fails_to_tell_count_as_news(opened: Callable[..., Any]) -> None:
    host = hosting()

    async def use(connector: Any) -> list[Page]:
        done = (await all_pages(connector))[-1].checkpoint
        host.put(STORES, issue(2, "Changed"))
        host.put(STORES, issue(3, "Changed too"))
        host.failing = {(STORES, 3): {"id": "error", "number": "error"}}
        return await all_pages(connector, done)

    pages = await opened(host, use)
    assert native_ids(pages) == ["2"]
    assert [record.key for page in pages for record in page.rejected] == ["acme/stores, page 1, record 2"]


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("number", [1, 7])
async def test_an_issue_that_fails_is_no_reason_to_know_nothing_of_its_repository(
    opened: Callable[..., Any], number: int, how: Any
) -> None:
    host = host_of(7, failing={(STORES, number): {"subIssuesSummary": how}})

    async def use(connector: Any) -> list[Page]:
        assert (await connector.probe()).account == "attune-reader"
        return await all_pages(connector)

    pages = await opened(host, use)
    assert len(native_ids(pages)) == 7
    assert unread(pages) == {str(number): ("sub-issues",)}


async def test_a_milestone_that_fails_is_rejected_and_harms_no_issue_and_no_other(
    opened: Callable[..., Any],
) -> None:
    milestones = [milestone(n, f"M{n}", updated_at=f"2026-01-0{n}T00:00:00Z") for n in range(1, 6)]
    host = host_of(7, milestones={STORES: milestones})
    host.failing_milestones = {(STORES, 4): {"description": "error", "number": "error"}}

    async def use(connector: Any) -> tuple[list[Page], list[Page], int]:
        pages = await all_pages(connector)
        host.put(STORES, issue(2, "Changed"))
        before = connector.requests
        return pages, await all_pages(connector, pages[-1].checkpoint), connector.requests - before

    pages, later, requests = await opened(host, use, epics="milestone")
    read = [one.native_id for page in pages for one in page.items if one.kind == "epic"]
    assert read == ["milestone-1", "milestone-2", "milestone-3", "milestone-5"]
    assert [record.key for page in pages for record in page.rejected] == ["acme/stores, milestones, record 4"]
    assert (native_ids(later), requests) == (["2"], 2)


@pytest.mark.parametrize("how", ["error", "null"])
async def test_a_record_of_a_project_alone_without_a_name_is_rejected_under_its_page(
    opened: Callable[..., Any], how: Any
) -> None:
    host = hosting(failing={(STORES, 3): {"title": "error"}, (STORES, 5): {"url": how}})
    pages = await opened(host, scanned, repository=None, project="acme/12")
    assert len(native_ids(pages)) == 5
    rejected = sorted(record.key for page in pages for record in page.rejected)
    assert rejected == ["acme/stores#3", "acme/stores#5"]
