"""The whole connector against a simulated GitHub over a real socket."""

from collections.abc import Iterable
from typing import Any

import pytest

from connectors.contract import Capabilities, Checkpoint, Page, SourceError
from connectors.github.client import GitHub
from connectors.github.simulator import Fault, GitHubHost, issue, milestone, project, project_values
from tests.connectors.github.hosts import Opened


def host_of(count: int = 3, **more: Any) -> GitHubHost:
    issues = [
        issue(n, f"Issue {n}", updated_at=f"2026-01-{n // 24 + 6:02d}T{n % 24:02d}:00:00Z")
        for n in range(1, count + 1)
    ]
    return GitHubHost({"acme/stores": issues}, token="t", **more)


async def all_pages(connector: GitHub, since: Checkpoint | None = None) -> list[Page]:
    return [page async for page in connector.pages(since)]


def keys(pages: Iterable[Page]) -> list[str]:
    return [one.native_id for page in pages for one in page.items]


async def test_a_full_scan_yields_every_issue_once_over_several_pages(opened: Opened) -> None:
    pages = await opened(host_of(250), all_pages)
    assert len(pages) == 3
    assert sorted(keys(pages), key=int) == [str(n) for n in range(1, 251)]
    assert "scan" in pages[0].checkpoint
    assert "since" in pages[-1].checkpoint


async def test_a_checkpoint_inside_a_scan_continues_it(opened: Opened) -> None:
    async def use(connector: GitHub) -> list[Page]:
        first = (await all_pages(connector))[0]
        return await all_pages(connector, first.checkpoint)

    assert len(keys(await opened(host_of(150), use))) == 50


async def test_a_delta_yields_only_what_changed(opened: Opened) -> None:
    host = host_of(5)

    async def use(connector: GitHub) -> tuple[list[Page], list[Page]]:
        done = (await all_pages(connector))[-1].checkpoint
        host.put("acme/stores", issue(3, "Changed"))
        changed = await all_pages(connector, done)
        again = await all_pages(connector, changed[-1].checkpoint)
        return changed, again

    changed, again = await opened(host, use)
    assert [one.title for page in changed for one in page.items] == ["Changed"]
    assert keys(again) == []


async def test_project_values_native_links_and_order_arrive(opened: Opened) -> None:
    stores = [
        issue(
            1,
            "Till",
            project=project_values(status="In progress", priority="High", due="2026-03-01", order=2),
            blocked_by=[("acme/stores", 2)],
            hidden_blockers=1,
        ),
        issue(2, "Stock", project=project_values(iteration=("S9", "2099-01-01", 14), order=1)),
    ]
    host = GitHubHost({"acme/stores": stores}, {"acme/12": project("Plan", ["acme/stores"])}, token="t")
    (page,) = await opened(host, all_pages, project="acme/12")
    till, stock = sorted(page.items, key=lambda one: one.native_id)
    assert (till.state, till.priority, str(till.due), till.due_from) == ("doing", 2, "2026-03-01", "field")
    assert [(one.relation, one.ref.rpartition("/")[2]) for one in till.links] == [("blocked-by", "stores#2")]
    assert till.hidden_blockers == 1
    assert (stock.sprint, str(stock.start), str(stock.due)) == ("S9", "2099-01-01", "2099-01-14")
    assert str(stock.rank) < str(till.rank)


async def test_a_heavy_page_is_asked_again_at_half_the_size(opened: Opened) -> None:
    host = host_of(120, page_limit=30)
    assert len(keys(await opened(host, all_pages))) == 120


@pytest.mark.parametrize(
    "fault", [Fault("status", 502), Fault("partial", path="graphql"), Fault("cut", path="graphql")]
)
async def test_a_passing_fault_loses_nothing(opened: Opened, fault: Fault) -> None:
    host = host_of(20)

    async def use(connector: GitHub) -> list[Page]:
        await connector.probe()
        host.faults.append(fault)
        return await all_pages(connector)

    assert len(set(keys(await opened(host, use)))) == 20
    assert not host.faults


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault("html"), "answer"),
        (Fault("redirect"), "answer"),
        (Fault("status", 403, message="You have exceeded a secondary rate limit"), "limited"),
        (Fault("status", 429, headers={"retry-after": "90"}), "limited"),
        (
            Fault("limited", headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800"}),
            "limited",
        ),
        (Fault("status", 403, message="Resource not accessible"), "authentication"),
    ],
)
async def test_a_fault_that_patience_cannot_mend_is_named(opened: Opened, fault: Fault, reason: str) -> None:
    host = host_of()
    host.faults.append(fault)
    with pytest.raises(SourceError) as raised:
        await opened(host, lambda connector: connector.probe())
    assert raised.value.reason == reason
    assert (raised.value.retry_after or 60) >= 60


async def test_a_wrong_token_is_an_authentication_failure_at_once(opened: Opened) -> None:
    host = host_of()
    with pytest.raises(SourceError) as raised:
        await opened(host, lambda connector: connector.probe(), auth={"token": "other"})
    assert raised.value.reason == "authentication"
    assert len(host.requests) == 1


@pytest.mark.parametrize("wrong", [{"repository": "acme/nothing"}, {"project": "acme/99"}])
async def test_what_does_not_exist_is_not_found(opened: Opened, wrong: dict[str, Any]) -> None:
    with pytest.raises(SourceError) as raised:
        await opened(host_of(), lambda connector: connector.probe(), **wrong)
    assert raised.value.reason == "not-found"


async def test_single_issues_are_read_by_number_and_those_gone_are_left_out(opened: Opened) -> None:
    page = await opened(host_of(), lambda connector: connector.read(["2", "77"]))
    assert [one.native_id for one in page.items] == ["2"]


async def test_milestones_serve_as_epics_where_the_repository_uses_them(opened: Opened) -> None:
    spring = milestone(3, "Spring", due_on="2026-03-01T08:00:00Z")
    host = GitHubHost({"acme/stores": [issue(1, "Till", milestone=spring)]}, token="t")
    (page,) = await opened(host, all_pages)
    epic, child = page.items
    assert (epic.native_id, epic.kind, str(epic.due)) == ("milestone-3", "epic", "2026-03-01")
    assert child.parent == epic.name


async def test_kept_milestones_and_their_issues_are_read_again_as_they_were(opened: Opened) -> None:
    spring = milestone(3, "Spring", due_on="2026-03-01T08:00:00Z")
    host = GitHubHost({"acme/stores": [issue(1, "Till", milestone=spring)]}, token="t")

    async def use(connector: GitHub) -> tuple[Page, Page]:
        (page,) = await all_pages(connector)
        return page, await connector.reread({one.native_id: one.raw for one in page.items})

    page, again = await opened(host, use)
    assert list(again.items) == list(page.items)


async def test_an_older_enterprise_server_gives_what_it_has_and_names_the_rest(opened: Opened) -> None:
    async def use(connector: GitHub) -> tuple[Capabilities, list[Page]]:
        return await connector.probe(), await all_pages(connector)

    found, pages = await opened(host_of(enterprise_version="3.18"), use)
    assert any(one.startswith("blocked-by links") for one in found.missing)
    assert len(keys(pages)) == 3


async def test_a_host_without_graphql_is_read_over_rest(opened: Opened) -> None:
    host = host_of(130, graphql=False, enterprise_version="3.17")
    host.put("acme/stores", issue(9, "Waits", body="Blocked by #4"))

    async def use(connector: GitHub) -> tuple[Capabilities, list[Page], Page]:
        pages = await all_pages(connector)
        return await connector.probe(), pages, await connector.read(["9", "777"])

    found, pages, page = await opened(host, use)
    assert any(one.startswith("blocked-by and blocking links") for one in found.missing)
    assert len(set(keys(pages))) == 130
    assert [one.title for one in page.items] == ["Waits"]
    assert page.items[0].links[0].origin == "text"


async def test_the_definition_of_done_is_read_from_the_repository(opened: Opened) -> None:
    text = "# Definition of Done\n\n- Code reviewed\n- Deployed\n"
    host = host_of(files={"acme/stores": {"DEFINITION_OF_DONE.md": text}})
    (page,) = await opened(host, all_pages)
    assert page.definition_of_done == ("Code reviewed", "Deployed")
