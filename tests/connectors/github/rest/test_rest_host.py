"""A host that only speaks REST, and what it costs."""

from typing import Any

import pytest

from connectors.contract import Capabilities, Page, SourceError
from connectors.github.client import GitHub
from connectors.github.rest import nodes as rest
from connectors.github.simulator import Fault, GitHubHost, issue, milestone
from tests.connectors.github.hosts import (
    STORES,
    Opened,
    Serve,
    all_pages,
    host_of,
    items,
    native_ids,
    titles,
)


def rest_only(stores: list[dict[str, Any]], **more: Any) -> GitHubHost:
    return GitHubHost({STORES: stores}, token="t", graphql=False, **more)


async def test_native_dependencies_and_parents_are_read_where_the_host_has_them(opened: Opened) -> None:
    stores = [
        issue(1, "Waits", blocked_by=[(STORES, 2)], hidden_blockers=1, parent=(STORES, 3)),
        issue(2, "First", body="Blocked by #3"),
        issue(3, "Epic"),
    ]
    host = rest_only(stores, enterprise_version="3.19")

    async def use(connector: GitHub) -> tuple[list[Page], Capabilities]:
        pages = await all_pages(connector)
        return pages, await connector.probe()

    pages, found = await opened(host, use)
    held = {one.native_id: one for page in pages for one in page.items}
    assert [(one.relation, one.origin) for one in held["1"].links] == [("blocked-by", "native")]
    assert held["1"].parent == held["3"].name
    assert held["1"].hidden_blockers == 1
    assert [(one.relation, one.origin) for one in held["2"].links] == [
        ("blocks", "native"),
        ("blocked-by", "text"),
    ]
    assert not any("blocked-by" in one for one in found.missing)
    assert any(one.startswith("GitHub Enterprise Server 3.19") for one in found.notes)


@pytest.mark.parametrize("version", ["3.17", "3.18"])
async def test_an_older_host_is_complete_through_its_texts_and_says_what_it_lacks(
    opened: Opened, version: str | None
) -> None:
    stores = [issue(1, "Waits", body="Blocked by #2", blocked_by=[(STORES, 2)]), issue(2, "First")]
    host = rest_only(stores, enterprise_version=version)

    async def use(connector: GitHub) -> tuple[list[Page], Capabilities]:
        return await all_pages(connector), await connector.probe()

    pages, found = await opened(host, use)
    links = [one for page in pages for item in page.items for one in item.links]
    assert [(one.relation, one.origin) for one in links] == [("blocked-by", "text")]
    assert any(one.startswith("sub-issues") for one in found.missing)


@pytest.mark.parametrize("version", ["3.17", "3.18", "3.19"])
async def test_a_server_with_graphql_says_in_words_what_it_lacks(opened: Opened, version: str | None) -> None:
    found = await opened(host_of(enterprise_version=version), lambda connector: connector.probe())
    words = {one.partition(":")[0] for one in found.missing}
    links = {"blocked-by links", "blocking links", "how many blockers are hidden from this credential"}
    assert words == {"issue fields"} | (links if version != "3.19" else set())


async def test_edits_and_deletions_while_pages_are_read_hide_no_other_issue(opened: Opened) -> None:
    host = host_of(250, graphql=False)

    async def use(connector: GitHub) -> list[Page]:
        found = []
        async for page in connector.pages(None):
            found.append(page)
            if len(found) == 1:
                for n in (1, 2, 3):
                    host.put(STORES, issue(n, f"Edited {n}"))
                host.delete(STORES, 4)
        return found

    pages = await opened(host, use)
    assert set(native_ids(pages)) >= {str(n) for n in range(5, 251)}


async def test_more_issues_of_one_second_than_a_page_holds_are_read(opened: Opened) -> None:
    host = rest_only([issue(n, f"Issue {n}") for n in range(1, 260)])

    async def use(connector: GitHub) -> list[Page]:
        pages = await all_pages(connector)
        for place, page in enumerate(pages):
            rest_of = await all_pages(connector, page.checkpoint)
            assert {**items(pages[: place + 1]), **items(rest_of)} == items(pages)
        return pages

    assert len(native_ids(await opened(host, use))) == 259


async def test_a_transferred_issue_is_followed_on_the_same_host_and_is_no_longer_here(opened: Opened) -> None:
    host = GitHubHost({STORES: [issue(1, "A"), issue(2, "B")], "acme/b": []}, token="t", graphql=False)
    host.transfer(STORES, 1, "acme/b", 9)

    async def use(connector: GitHub) -> Page:
        return await connector.read(["1", "2"])

    assert native_ids([await opened(host, use)]) == ["2"]
    several = await opened(
        host,
        lambda connector: connector.read(["acme/stores#1"]),
        repository=None,
        repositories=[STORES, "acme/b"],
    )
    assert native_ids([several]) == ["acme/b#9"]


async def test_a_deleted_issue_is_gone_and_a_redirect_elsewhere_is_an_error_not_a_deletion(
    opened: Opened, serve: Serve
) -> None:
    host = host_of(3, graphql=False)
    host.delete(STORES, 2)
    assert native_ids([await opened(host, lambda connector: connector.read(["1", "2"]))]) == ["1"]
    other = host_of()
    with serve(other) as there:
        host.faults.append(Fault("redirect", location=f"{there}/x", path="/issues/3"))
        with pytest.raises(SourceError):
            await opened(host, lambda connector: connector.read(["3"]))
    assert other.requests == []


async def test_redirects_in_a_circle_end(opened: Opened) -> None:
    host = host_of(3, graphql=False)

    async def use(connector: GitHub) -> None:
        await connector.probe()
        host.faults.extend(
            [Fault("redirect", location="/api/v3/repos/acme/stores/issues/1", path="/issues/")] * 9
        )
        await connector.read(["1"])

    with pytest.raises(SourceError, match="circle"):
        await opened(host, use)


async def test_what_has_not_changed_costs_no_quota(opened: Opened) -> None:
    """A 304 counts as a request of ours and not against GitHub's limit."""
    host = GitHubHost({STORES: [issue(1, "A", milestone=milestone(1, "May"))]}, token="t", graphql=False)

    async def use(connector: GitHub) -> tuple[str | None, Page, Page, str, Page]:
        first = await connector.read(["1", "milestone-1"])
        tagged = host.headers.get("if-none-match")
        again = await connector.read(["1", "milestone-1"])
        host.put(STORES, issue(1, "B"))
        return tagged, first, again, host.headers["if-none-match"], await connector.read(["1"])

    tagged, first, again, sent, changed = await opened(host, use, epics="milestone")
    assert tagged is None
    assert sent
    assert items([first]) == items([again])
    assert titles([changed]) == ["B"]


async def test_blockers_that_are_counted_but_not_listed_are_hidden_ones(opened: Opened) -> None:
    stores = [issue(1, "Waits", blocked_by=[(STORES, 2)]), issue(2, "First")]
    host = rest_only(stores, enterprise_version="3.19")
    host.faults.append(Fault("status", 404, path="/dependencies/blocked_by"))

    async def use(connector: GitHub) -> Page:
        return await connector.read(["1"])

    (one,) = (await opened(host, use)).items
    assert (one.links, one.hidden_blockers) == ((), 1)


async def test_a_broken_milestone_is_rejected_and_stops_nothing(opened: Opened) -> None:
    host = rest_only([issue(1, "A", milestone=milestone(3, "@@"))])
    host.splices = {b'"@@"': b"NaN"}
    (page,) = await opened(host, all_pages, epics="milestone")
    assert {one.key for one in page.rejected} == {"acme/stores#1", "acme/stores/milestone/3"}


def test_pull_requests_are_no_issues() -> None:
    assert rest.is_pull_request({"pull_request": {"url": "x"}})
    assert not rest.is_pull_request({"number": 1})
    assert not rest.is_pull_request(None)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ({"assignees": [{"login": "ada"}], "assignee": {"login": "ada"}}, ["ada"]),
        ({"assignees": [{"login": "ada"}]}, ["ada"]),
        ({"assignee": {"login": "bob"}}, ["bob"]),
        ({"assignee": None}, []),
        ({}, []),
    ],
)
def test_assignees_are_read_with_and_without_the_older_field(
    people: dict[str, Any], expected: list[str]
) -> None:
    issue_ = {
        "node_id": "I",
        "number": 1,
        "title": "T",
        "state": "open",
        "created_at": "x",
        "updated_at": "x",
        "html_url": "u",
        "repository_url": "https://api.github.com/repos/acme/web",
    }
    node = rest.to_node({**issue_, **people})
    assert [one["login"] for one in node["assignees"]["nodes"]] == expected
    assert node["repository"] == {"nameWithOwner": "acme/web"}


@pytest.mark.parametrize("limit", [60, 20, 3])
async def test_a_host_that_fails_above_so_many_rows_is_read_whole(opened: Opened, limit: int) -> None:
    stores = [
        issue(n, f"Issue {n}", updated_at=f"2026-01-{n // 24 + 1:02d}T{n % 24:02d}:00:00Z") for n in range(60)
    ]
    stores += [issue(n, f"Issue {n}", updated_at="2026-02-01T00:00:00Z") for n in range(60, 130)]
    stores[1] = issue(1, "Waits", blocked_by=[(STORES, n) for n in range(2, 40)])
    host = rest_only(stores, enterprise_version="3.19", page_limit=limit)

    async def use(connector: GitHub) -> tuple[list[Page], list[Page]]:
        pages = await all_pages(connector)
        resumed = await all_pages(connector, pages[1].checkpoint)
        return pages, [*pages[:2], *resumed]

    pages, resumed = await opened(host, use)
    assert len(items(pages)) == 130
    assert items(resumed) == items(pages)
    (waits,) = [one for one in items(pages).values() if one.native_id == "1"]
    assert (len(waits.links), waits.unread) == (38, ())


async def test_a_cursor_of_an_older_version_goes_on_where_it_was(opened: Opened) -> None:
    host = rest_only([issue(n, f"Issue {n}") for n in range(1, 260)])
    since = {"scan": "2026-01-05T09:00:00Z|2", "at": STORES, "began": "2026-02-01T00:00:00Z"}
    pages = await opened(host, lambda connector: all_pages(connector, since))
    assert len(native_ids(pages)) == 159


@pytest.mark.parametrize("status", [500, 422])
async def test_a_list_of_dependencies_that_fails_is_left_out_and_named(opened: Opened, status: int) -> None:
    stores = [issue(1, "Waits", blocked_by=[(STORES, 2)]), issue(2, "First")]
    host = rest_only(stores, enterprise_version="3.19")

    async def use(connector: GitHub) -> list[Page]:
        await connector.probe()
        host.faults.extend(
            [Fault("status", status, path="/dependencies/blocked_by")] * (5 if status == 500 else 1)
        )
        return await all_pages(connector)

    pages = await opened(host, use)
    assert {one.native_id: (one.unread, one.hidden_blockers) for one in items(pages).values()} == {
        "1": (("blocked-by",), 0),
        "2": ((), 0),
    }


async def test_a_delta_that_finds_nothing_costs_no_quota(opened: Opened) -> None:
    host = rest_only([issue(n, f"Issue {n}") for n in range(1, 30)])

    async def use(connector: GitHub) -> tuple[int, list[str]]:
        done = (await all_pages(connector))[-1].checkpoint
        done = (await all_pages(connector, done))[-1].checkpoint
        before = host.points_used["core"]
        quiet = await all_pages(connector, done)
        cost = host.points_used["core"] - before
        host.put(STORES, issue(3, "Changed"))
        return cost + len(items(quiet)), titles(await all_pages(connector, quiet[-1].checkpoint))

    assert await opened(host, use) == (0, ["Changed"])
