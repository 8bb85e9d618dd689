"""One source over several repositories, and a Project whose issues come from many."""

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.contract import Capabilities, Page, SourceError
from connectors.github import receive
from connectors.github.client import GitHub
from connectors.github.native_ids import parse_native_ids
from connectors.github.simulator import GitHubHost, issue, milestone, project, project_values
from connectors.item import TrackerItem
from tests.connectors.github.hosts import (
    MakeOptions,
    Opened,
    all_identities,
    all_pages,
    issues_of,
    items,
    native_ids,
    titles,
)

BOTH = {"repository": None, "repositories": ["acme/a", "Acme/B"]}
ALONE = {"repository": None, "project": "acme/12"}


def two(count: int = 3, **more: Any) -> GitHubHost:
    return GitHubHost({"acme/a": issues_of(count), "Acme/B": issues_of(count)}, token="t", **more)


def planned(**more: Any) -> GitHubHost:
    """A Project with a draft, two issues of acme/a and one of acme/b; one issue is not in it."""
    first = [
        issue(1, "Till", project=project_values(due="2026-03-01", order=3)),
        issue(2, "Not planned"),
        issue(3, "Stock", project=project_values(order=1), blocked_by=[("acme/b", 1)]),
        issue(4, "Old", project=project_values(order=0, archived=True)),
    ]
    second = [issue(1, "Web", project=project_values(order=2), parent=("acme/a", 1))]
    projects = {"acme/12": project("Plan", ["acme/a", "acme/b"], drafts=1)}
    return GitHubHost({"acme/a": first, "acme/b": second}, projects, token="t", **more)


async def test_every_issue_of_every_repository_is_read_under_its_own_id(opened: Opened) -> None:
    pages = await opened(two(120), all_pages, **BOTH)
    assert len(native_ids(pages)) == 240
    assert {"acme/a#1", "acme/b#120"} <= set(native_ids(pages))
    assert pages[0].total == 240


async def test_resuming_between_repositories_equals_one_full_read(opened: Opened) -> None:
    async def use(connector: GitHub) -> int:
        pages = await all_pages(connector)
        for place, page in enumerate(pages):
            rest = await all_pages(connector, page.checkpoint)
            assert {**items(pages[: place + 1]), **items(rest)} == items(pages)
        return len(pages)

    assert await opened(two(120), use, **BOTH) == 4


async def test_a_delta_over_several_repositories_asks_only_those_with_news(opened: Opened) -> None:
    host = two(3)

    async def use(connector: GitHub) -> tuple[list[str], int, list[str], int]:
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        nothing = await all_pages(connector, done)
        quiet = connector.requests - before
        host.put("Acme/B", issue(2, "Changed"))
        changed = await all_pages(connector, nothing[-1].checkpoint)
        return titles(nothing), quiet, titles(changed), connector.requests - before - quiet

    assert await opened(host, use, **BOTH) == ([], 1, ["Changed"], 2)


async def test_a_repository_that_joins_is_read_from_its_beginning(opened: Opened) -> None:
    host = two(3)
    done = (await opened(host, all_pages, repository=None, repositories=["acme/a"]))[-1].checkpoint
    pages = await opened(host, lambda connector: all_pages(connector, done), **BOTH)
    assert native_ids(pages) == ["acme/b#1", "acme/b#2", "acme/b#3"]


async def test_links_run_between_repositories(opened: Opened) -> None:
    host = two()
    host.put_quietly("acme/a", 1, blocked_by=[("Acme/B", 2)], parent=("Acme/B", 3))
    found = {one.native_id: one for page in await opened(host, all_pages, **BOTH) for one in page.items}
    one = found["acme/a#1"]
    assert str(one.parent).endswith("/acme/b#3")
    assert [(link.relation, link.ref.rpartition("//")[2].partition("/")[2]) for link in one.links] == [
        ("blocked-by", "acme/b#2")
    ]
    assert found["acme/b#2"].links[0].relation == "blocks"


async def test_single_issues_are_read_by_name_or_node_and_a_transferred_one_under_its_new_name(
    opened: Opened,
) -> None:
    host = two(5)
    host.transfer("acme/a", 2, "Acme/B", 77)

    async def use(connector: GitHub) -> Page:
        return await connector.read(["acme/a#1", "ACME/B#3", "acme/a#2", "acme/c#1", "9", "id/I_acme_a_5"])

    page = await opened(host, use, **BOTH)
    assert native_ids([page]) == ["acme/a#1", "acme/a#5", "acme/b#3"]
    later = await opened(host, lambda connector: connector.read(["acme/b#77"]), **BOTH)
    assert [one.identity.rpartition("/")[2] for one in later.items] == ["I_Acme_B_77"]


async def test_milestones_of_several_repositories_keep_apart(opened: Opened) -> None:
    spring = milestone(3, "Spring")
    host = GitHubHost({name: [issue(1, "One", milestone=spring)] for name in ("acme/a", "Acme/B")}, token="t")

    async def use(connector: GitHub) -> tuple[list[Page], Page, list[str]]:
        pages = await all_pages(connector)
        return pages, await connector.read(["acme/b#milestone-3"]), await all_identities(connector)

    pages, page, identities = await opened(host, use, **BOTH)
    epics = [one for held in pages for one in held.items if one.kind == "epic"]
    assert [one.native_id for one in epics] == ["acme/a#milestone-3", "acme/b#milestone-3"]
    assert native_ids([page]) == ["acme/b#milestone-3"]
    assert set(identities) == set(items(pages))


@pytest.mark.parametrize(
    ("host", "more"),
    [
        (two(130), BOTH),
        (two(130, graphql=False), BOTH),
        (planned(), ALONE),
        (two(130), {"repository": "acme/a"}),
    ],
)
async def test_identities_are_those_of_a_full_read_for_a_request_per_hundred(
    opened: Opened, host: GitHubHost, more: dict[str, Any]
) -> None:
    async def use(connector: GitHub) -> tuple[dict[str, TrackerItem], list[str], int]:
        pages = await all_pages(connector)
        before = connector.requests
        found = await all_identities(connector)
        return items(pages), found, connector.requests - before

    whole, found, requests = await opened(host, use, **more)
    assert set(found) == set(whole)
    assert requests <= len(found) // 100 + 3


async def test_a_project_alone_brings_its_issues_in_its_order(opened: Opened) -> None:
    (page,) = await opened(planned(), all_pages, **ALONE)
    in_order = sorted(page.items, key=lambda one: str(one.rank))
    assert [one.native_id for one in in_order] == ["acme/a#3", "acme/b#1", "acme/a#1"]
    assert (in_order[2].due_from, str(in_order[1].parent).endswith("/acme/a#1")) == ("field", True)


async def test_a_project_alone_claims_no_repository_and_says_what_polling_costs(opened: Opened) -> None:
    found = await opened(planned(), lambda connector: connector.probe(), **ALONE)
    assert found.holds == ()
    assert any("rows (1 requests)" in one for one in found.notes)


async def test_a_project_alone_tells_of_new_moved_and_edited_rows(opened: Opened) -> None:
    host = planned()

    async def use(connector: GitHub) -> tuple[list[str], int, list[Page]]:
        done = (await all_pages(connector))[-1].checkpoint
        before = connector.requests
        quiet = await all_pages(connector, done)
        cost = connector.requests - before
        host.put("acme/b", issue(1, "Web shop", project=project_values(order=2)))
        host.put_quietly("acme/a", 2, project=project_values(order=0.5, updated_at="2999-01-01T00:00:00Z"))
        return titles(quiet), cost, await all_pages(connector, quiet[-1].checkpoint)

    quiet, cost, pages = await opened(host, use, **ALONE)
    assert (quiet, cost) == ([], 1)
    assert titles(pages) == ["Not planned", "Web shop"]
    ranks = {one.title: str(one.rank) for page in pages for one in page.items}
    assert ranks["Not planned"] < ranks["Web shop"]


async def test_what_is_read_from_a_project_alone_must_be_in_it(opened: Opened) -> None:
    async def use(connector: GitHub) -> Page:
        return await connector.read(["acme/a#1", "acme/a#2", "acme/a#4", "id/I_acme_b_1", "id/nobody"])

    assert native_ids([await opened(planned(), use, **ALONE)]) == ["acme/a#1", "acme/b#1"]


async def test_a_project_alone_needs_graphql(opened: Opened) -> None:
    with pytest.raises(SourceError) as raised:
        await opened(planned(graphql=False), lambda connector: connector.probe(), **ALONE)
    assert raised.value.reason == "mapping"


@pytest.mark.parametrize(
    "wrong",
    [
        {"repository": None},
        {"repositories": ["acme/b"]},
        {"repository": None, "repositories": ["acme/a", "ACME/A"]},
        {"repository": None, "project": "acme/1", "epics": "milestone"},
        {"repository": "no slash"},
    ],
)
def test_options_that_name_nothing_or_twice_are_refused(options: MakeOptions, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        options(**wrong)


def test_native_ids_that_cannot_be_ours_are_passed_over(options: MakeOptions) -> None:
    found = parse_native_ids(
        ["1", "milestone-2", "id/X", "acme/other#1", "99999999999", "x", "#1", ""], options()
    )
    assert found == ({"acme/stores": [1]}, {"acme/stores": [2]}, ["X"])


def test_hooks_name_issues_of_any_of_the_repositories(options: MakeOptions) -> None:
    host = GitHubHost({"acme/a": [issue(7, "Till")], "acme/z": [issue(7, "No")]}, webhook_secret="s")
    several = options(webhook_secret="s", **BOTH)
    for repository, expected in (("acme/a", ("acme/a#7",)), ("acme/z", ())):
        hook = receive(several, *host.announce("issues", repository, {"action": "edited", "issue": 7}))
        assert hook.native_ids == expected


@pytest.mark.parametrize("graphql", [True, False])
async def test_a_renamed_repository_is_the_same_one_under_its_new_name(opened: Opened, graphql: bool) -> None:
    before = GitHubHost({"acme/stores": [issue(1, "Till", node_id="I_1")]}, token="t", graphql=graphql)
    after = GitHubHost({"acme/shops": [issue(1, "Till", node_id="I_1")]}, token="t", graphql=graphql)
    after.renamed["acme/stores"] = "acme/shops"

    async def use(connector: GitHub) -> tuple[TrackerItem, Capabilities, TrackerItem]:
        (page,) = await all_pages(connector)
        found = await connector.probe()
        return page.items[0], found, (await connector.read(["1"])).items[0]

    old, _, _ = await opened(before, use)
    new, found, read = await opened(after, use)
    assert (new.native_id, new.identity.rpartition("/id/")[2]) == (old.native_id, "I_1")
    assert (new.key, read.key) == ("acme/shops#1", "acme/shops#1")
    assert {one.rpartition("/")[2] for one in found.holds} == {"shops"}
    assert [(old.rpartition("/")[2], new.rpartition("/")[2]) for old, new in found.aliases.items()] == [
        ("stores", "shops")
    ]
    assert any("now called acme/shops" in one for one in found.notes)
